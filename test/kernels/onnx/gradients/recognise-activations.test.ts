import { expect } from "chai";
import { GraphBuilder } from "../../../../kernels/onnx/build/index.ts";
import type { Float } from "../../../../kernels/onnx/build/index.ts";
import { gradientGraph, tap, trace } from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { recogniseActivations } from "../../../../kernels/onnx/gradients/recognise-activations.ts";
import { stopGradient } from "../../../../kernels/onnx/gradients/stop-gradient.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const C = Math.sqrt(2 / Math.PI);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const tanhForm = (x: number, k = 0.044715) => 0.5 * x * (1 + Math.tanh(C * (x + k * x ** 3)));
type Write = (g: GraphBuilder, x: Float) => Float;

/** The ways exporters write an activation, and the function in double precision. */
const FORMS: Record<string, [Write, (x: number) => number]> = {
  "tanh GELU with Pow": [
    (g, x) => g.mul(g.mul(x, 0.5), g.add(g.tanh(g.mul(g.add(x, g.mul(g.pow(x, 3), 0.044715)), C)), 1)),
    tanhForm,
  ],
  "tanh GELU with products, constants first": [
    (g, x) => g.mul(0.5, g.mul(x, g.add(1, g.tanh(g.mul(g.mul(C, x), g.add(1, g.mul(0.044715, g.mul(x, x)))))))),
    tanhForm,
  ],
  SiLU: [(g, x) => g.mul(g.sigmoid(x), x), (x) => x * sigmoid(x)],
  QuickGELU: [(g, x) => g.mul(x, g.sigmoid(g.mul(1.702, x))), (x) => x * sigmoid(1.702 * x)],
};
const build = (write: Write) => {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", ["n", 3]);
  // The sum before makes x an inner value, the product after makes the cotangent vary.
  const y = write(g, g.add(x, g.input("c", "float32", ["n", 3])));
  g.output("loss", g.total(g.mul(y, g.input("w", "float32", ["n", 3]))));
  return g.finish().model;
};
const feeds = () => ({
  x: seededValues("float32", [4, 3], 3, 1),
  c: seededValues("float32", [4, 3], 1, 2),
  w: seededValues("float32", [4, 3], 1, 3),
});
const groupsOf = async (model: OnnxModel, wanted: string[] = []) =>
  recogniseActivations(model, await trace(model, feeds(), runGraph), wanted);
const gradientOf = async (model: OnnxModel) =>
  gradientGraph(model, { loss: "loss", targets: ["x"], trace: await trace(model, feeds(), runGraph) });
const derivative = (f: (x: number) => number, x: number) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;

async function expectGradient(model: OnnxModel, f: (x: number) => number, what: string) {
  const results = await runGraph(await gradientOf(model), feeds());
  const { x, c, w } = feeds();
  const wanted = Array.from(
    x.data as Float32Array,
    (v, i) => Number(w.data[i]) * derivative(f, Number(v) + Number(c.data[i])),
  );
  expectNear(results["grad:x"].data, wanted, "float32", what);
}

describe("activations written in single operators", () => {
  for (const [name, [write, f]] of Object.entries(FORMS)) {
    it(`${name} is recognised, and its gradient is right`, async () => {
      const model = build(write);
      expect((await groupsOf(model)).size).to.equal(1);
      await expectGradient(model, f, name);
    });

    it(`${name}: the gradient reads nothing inside, so that the forward nodes can be fused`, async () => {
      const model = build(write);
      const backward = await gradientOf(model);
      const forward = new Set(model.graph.node);
      const inner = new Set(model.graph.node.slice(1, -2).flatMap((node) => node.output));
      inner.delete(model.graph.node.at(-2)!.input[0]);
      const reads = backward.graph.node.filter((node) => !forward.has(node)).flatMap((node) => node.input);
      expect(reads.filter((name) => inner.has(name))).to.deep.equal([]);
    });
  }

  it("exact GELU is recognised in both orders, with the gradient of the definition", async () => {
    for (const write of [
      (g: GraphBuilder, x: Float) => g.mul(g.mul(x, g.add(g.erf(g.div(x, Math.SQRT2)), 1)), 0.5),
      (g: GraphBuilder, x: Float) => g.mul(g.mul(0.5, x), g.add(1, g.erf(g.mul(x, Math.SQRT1_2)))),
    ]) {
      const model = build(write);
      expect((await groupsOf(model)).size).to.equal(1);
      const results = await runGraph(await gradientOf(model), feeds());
      const { x, c, w } = feeds();
      const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
      // Φ by Simpson's rule from -10.
      const cumulative = (to: number) => {
        const step = (to + 10) / 2000;
        const weight = (i: number) => (i === 0 || i === 2000 ? 1 : i % 2 ? 4 : 2);
        return (
          (step / 3) *
          Array.from({ length: 2001 }, (_, i) => weight(i) * density(i * step - 10)).reduce((a, b) => a + b)
        );
      };
      const wanted = Array.from(x.data as Float32Array, (v, i) => {
        const at = Number(v) + Number(c.data[i]);
        return Number(w.data[i]) * (cumulative(at) + at * density(at));
      });
      expectNear(results["grad:x"].data, wanted, "float32", "exact GELU");
    }
  });

  it("a curve with another constant is not taken for it, and its gradient is right all the same", async () => {
    const model = build((g, x) => g.mul(g.mul(x, 0.5), g.add(g.tanh(g.mul(g.add(x, g.mul(g.pow(x, 3), 0.06)), C)), 1)));
    expect((await groupsOf(model)).size).to.equal(0);
    await expectGradient(model, (x) => tanhForm(x, 0.06), "another constant");
  });

  it("a value inside that is read elsewhere, wanted, or closed to gradients keeps the nodes apart", async () => {
    const silu = build(FORMS.SiLU[0]);
    const inside = silu.graph.node.find((node) => node.opType === "Sigmoid")!;
    expect((await groupsOf(tap(silu, inside.output))).size).to.equal(0);
    expect((await groupsOf(silu, inside.output)).size).to.equal(0);
    const model = build(FORMS.SiLU[0]);
    stopGradient(model.graph.node.find((node) => node.opType === "Sigmoid")!);
    expect((await groupsOf(model)).size).to.equal(0);
    const results = await runGraph(await gradientOf(model), feeds());
    const { x, c, w } = feeds();
    const wanted = Array.from(
      x.data as Float32Array,
      (v, i) => Number(w.data[i]) * sigmoid(Number(v) + Number(c.data[i])),
    );
    expectNear(results["grad:x"].data, wanted, "float32", "stopped");
  });
});
