import { expect } from "chai";
import {
  BuildError,
  constant,
  GraphBuilder,
  linear,
  mlp,
  normal,
  ShapeError,
  uniform,
} from "../../../../kernels/onnx/build/index.ts";
import { UnknownGraphNameError, writeModel, readModel } from "../../../../kernels/onnx/index.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { runGraph } from "../run-graph.ts";

describe("graph builder", () => {
  it("names nodes and parameters by scope, and outputs as the caller wishes", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", ["batch_size", 2]);
    g.output(
      "y",
      g.scope("layers.3", () => g.scope("mlp", () => linear(g, "down_proj", x, 4))),
    );
    const { model, parameters } = g.finish();
    expect([...parameters.keys()]).to.deep.equal(["layers.3.mlp.down_proj.weight", "layers.3.mlp.down_proj.bias"]);
    expect(model.graph.node.map((node) => node.name)).to.deep.equal([
      "/layers.3/mlp/down_proj/MatMul",
      "/layers.3/mlp/down_proj/Add",
    ]);
    expect(model.graph.node[1].output).to.deep.equal(["y"]);
  });

  it("makes a valid file, with a value under two output names where asked", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [2]);
    const y = g.mul(x, 3);
    g.output("a", y);
    g.output("b", y);
    g.output("c", x);
    const model = readModel(writeModel(g.finish().model), "built");
    const results = await runGraph(model, { x: float32([1, 2], [2]) });
    for (const [name, wanted] of [
      ["a", [3, 6]],
      ["b", [3, 6]],
      ["c", [1, 2]],
    ] as const)
      // prettier-ignore
      expect([...(results[name].data as Float32Array)], name).to.deep.equal(wanted);
  });

  it("refuses shapes that do not fit, with both shapes and the operator", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", ["batch_size", 2]);
    const z = g.input("z", "float32", ["batch_size", 3]);
    expect(() => g.add(x, z)).to.throw(
      ShapeError,
      "Add: shapes [batch_size, 2] and [batch_size, 3] do not fit (2 against 3).",
    );
    expect(() => g.matMul(x, z)).to.throw(ShapeError, 'MatMul: "x" [batch_size, 2] × "z" [batch_size, 3]');
    expect(() => g.reshape(x, ["batch_size", 3])).to.throw(
      ShapeError,
      'Reshape: "x" [batch_size, 2] does not fit [batch_size, 3]',
    );
    expect(() => g.transpose(x, [0, 0])).to.throw(ShapeError, "does not order the axes");
    expect(() => g.slice(x, 1, 1, 3)).to.throw(ShapeError, "1 to 3 on axis 1");
    expect(() => linear(g, "fc", g.input("w", "float32", [2, "any"]), 3)).to.throw(
      ShapeError,
      'linear fc: axis -1 of "w"',
    );
  });

  it("refuses a name twice, a graph without outputs, and weights that nothing takes", () => {
    const g = new GraphBuilder({ weights: new Map([["fc.wieght", float32([1], [1])]]) });
    const x = g.input("x", "float32", ["n", 1]);
    expect(() => g.input("x", "float32", [1])).to.throw(BuildError, 'two values are called "x"');
    expect(() => new GraphBuilder().finish()).to.throw(BuildError, "no outputs");
    g.output("y", linear(g, "fc", x, 1));
    expect(() => g.finish()).to.throw(UnknownGraphNameError, 'no parameter "fc.wieght". Did you mean "fc.weight"?');
    const other = new GraphBuilder({ weights: new Map([["w", float32([1], [1])]]) });
    expect(() => other.parameter("w", [2], constant(0))).to.throw(ShapeError, "the given weights are float32 [1]");
  });

  it("draws the same weights for the same seed, whatever else is built, and others for another seed", () => {
    const weights = (seed: number, sizes: number[]) => mlp({ sizes }, { seed }).parameters;
    const data = (seed: number, sizes: number[]) => [...weights(seed, sizes).get("layers.1.weight")!.data];
    expect(data(1, [2, 8, 4])).to.deep.equal(data(1, [5, 8, 4]));
    expect(data(1, [2, 8, 4])).to.not.deep.equal(data(2, [2, 8, 4]));
    expect(data(1, [2, 8, 4])).to.not.deep.equal([...weights(1, [4, 8, 8, 4]).get("layers.0.weight")!.data]);
  });

  it("initial values have the stated distribution", () => {
    const moments = (values: Float32Array) => {
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
    };
    const gauss = normal(0.5)([201, 199], 1);
    expect(moments(gauss).mean).to.be.closeTo(0, 0.01);
    expect(moments(gauss).deviation).to.be.closeTo(0.5, 0.01);
    expect(gauss.filter((v) => Math.abs(v) < 0.5).length / gauss.length).to.be.closeTo(0.6827, 0.01);
    const flat = uniform(2)([200, 200], 1);
    expect(moments(flat).deviation).to.be.closeTo(4 / Math.sqrt(12), 0.01);
    expect(Math.max(...flat)).to.be.below(2);
  });
});
