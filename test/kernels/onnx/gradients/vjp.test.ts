import { expect } from "chai";
import {
  exampleFeeds,
  gradientGraph,
  GradientRequestError,
  gradientRules,
  makeModel,
  makeNode,
  makeValueInfo,
  MissingGradientRuleError,
  prune,
  trace,
  TraceError,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { shallowCopy, withGraph } from "../../../../kernels/onnx/graph.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const feeds = (n: number) => ({ x: seededValues("float64", [n, 3], 1, 9) });
const traceOf = (model: OnnxModel) => trace(model, exampleFeeds(model, { n: 4 }), runGraph);

describe("gradient graphs", () => {
  const { model } = projectionModel("float64");
  const cotangent = seededValues("float64", [2, 2], 1, 5);

  it("take cotangents as inputs, so that two graphs chain to the gradient of the whole", async () => {
    const whole = await runGraph(
      gradientGraph(model, { outputs: ["y"], targets: ["x"], trace: await traceOf(model) }),
      { ...feeds(2), "cotangent:y": cotangent },
    );

    const lower = prune(withGraph(model, { output: [makeValueInfo("z", "float64", ["n", 4])] }));
    const upper = makeModel({
      nodes: [model.graph.node[2]],
      inputs: [makeValueInfo("z", "float64", ["n", 4])],
      outputs: model.graph.output,
      initializers: model.graph.initializer.slice(1),
    });
    const { z } = await runGraph(lower, feeds(2));
    const fromUpper = await runGraph(
      gradientGraph(upper, { outputs: ["y"], targets: ["z"], trace: await traceOf(upper) }),
      { z, "cotangent:y": cotangent },
    );
    const chained = await runGraph(
      gradientGraph(lower, { outputs: ["z"], targets: ["x"], trace: await traceOf(lower) }),
      { ...feeds(2), "cotangent:z": fromUpper["grad:z"] },
    );
    expectNear(chained["grad:x"].data, whole["grad:x"].data, "differenceFloat64", "chained gradient");
  });

  it("reach weights and intermediate values, and agree with each other", async () => {
    const backward = gradientGraph(model, {
      outputs: ["y"],
      targets: ["c", "W2", "y", "h"],
      trace: await traceOf(model),
    });
    const results = await runGraph(backward, { ...feeds(2), "cotangent:y": cotangent });
    expect(Object.keys(results)).to.deep.equal(["grad:c", "grad:W2", "grad:y", "grad:h"]);
    expect(Array.from(results["grad:y"].data as Float64Array)).to.deep.equal(
      Array.from(cotangent.data as Float64Array),
    );
    const rows = cotangent.data as Float64Array;
    expectNear(results["grad:c"].data, [rows[0] + rows[2], rows[1] + rows[3]], "differenceFloat64", "bias");
    expect(results["grad:h"].dims).to.deep.equal([2, 4]);
  });

  it("keep only nodes that the outputs need", async () => {
    const backward = gradientGraph(model, { outputs: ["y"], targets: ["c"], trace: await traceOf(model) });
    // The gradient of a bias needs no forward value at all.
    expect(backward.graph.node.map((node) => node.opType)).to.deep.equal([
      "Flatten",
      "Shape",
      "ConstantOfShape",
      "MatMul",
      "Identity",
    ]);
  });

  it("can be differentiated again: a Hessian-vector product equals the difference of gradients", async () => {
    const scalar = makeModel({
      nodes: [
        makeNode("Exp", ["x"], ["e"], {}, "e"),
        makeNode("Mul", ["e", "x"], ["m"], {}, "m"),
        makeNode("Softmax", ["m"], ["s"], {}, "s"),
        makeNode("Mul", ["s", "m"], ["p"], {}, "p"),
        makeNode("ReduceSum", ["p"], ["loss"], { keepdims: 0 }, "sum"),
      ],
      inputs: [makeValueInfo("x", "float64", ["n", 3])],
      outputs: [makeValueInfo("loss", "float64", [])],
    });
    const once = gradientGraph(scalar, { loss: "loss", targets: ["x"], trace: await traceOf(scalar) });
    const twice = gradientGraph(once, {
      outputs: ["grad:x"],
      targets: ["x"],
      trace: await traceOf(once),
      name: () => "hvp",
    });
    const v = seededValues("float64", [2, 3], 1, 4);
    const { hvp } = await runGraph(twice, { ...feeds(2), "cotangent:grad:x": v });
    const at = async (step: number) => {
      const data = (feeds(2).x.data as Float64Array).map((value, i) => value + step * (v.data[i] as number));
      return (await runGraph(once, { x: { ...feeds(2).x, data } }))["grad:x"].data as Float64Array;
    };
    const [up, down] = [await at(1e-5), await at(-1e-5)];
    expectNear(
      hvp.data,
      Array.from(up, (value, i) => (value - down[i]) / 2e-5),
      "differenceFloat64",
      "Hessian-vector product",
    );
  });

  it("name operator and node of a missing rule, and what to do", async () => {
    const odd = makeModel({
      nodes: [makeNode("Asinh", ["x"], ["y"], {}, "/mlp/act/Asinh")],
      inputs: [makeValueInfo("x", "float32", ["n"])],
      outputs: [makeValueInfo("y")],
    });
    const traced = await traceOf(odd);
    expect(() => gradientGraph(odd, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      MissingGradientRuleError,
      'node "/mlp/act/Asinh": no gradient rule for operator Asinh. Choose sites after this node, or add a rule file to kernels/onnx/gradients and its line to the table.',
    );
  });

  it("advise another export for a fused operator, even one that shares a standard name", async () => {
    const { model: fused } = projectionModel("float64");
    fused.graph.node[1] = shallowCopy(fused.graph.node[1], { domain: "com.microsoft" });
    const traced = await traceOf(model);
    expect(() => gradientGraph(fused, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      MissingGradientRuleError,
      "no gradient rule for operator com.microsoft.Tanh. Load the model's float32 or float16 file if this one is quantised, export it with standard operators only",
    );
  });

  it("do not need rules for operators beside the path from targets to loss", async () => {
    const beside = makeModel({
      nodes: [makeNode("Asinh", ["x"], ["other"], {}, "beside"), makeNode("Exp", ["x"], ["y"], {}, "on the path")],
      inputs: [makeValueInfo("x", "float32", ["n"])],
      outputs: [makeValueInfo("y"), makeValueInfo("other")],
    });
    expect(
      gradientGraph(beside, { outputs: ["y"], targets: ["x"], trace: await traceOf(beside) }).graph.node.length,
    ).to.be.above(0);
  });

  it("refuse what has no gradient, by name", async () => {
    const traced = await traceOf(model);
    const ask = (request: object) => () => gradientGraph(model, { targets: ["x"], trace: traced, ...request });
    expect(ask({})).to.throw(GradientRequestError, "neither a loss nor outputs are named");
    expect(ask({ loss: "y" })).to.throw(GradientRequestError, 'loss "y": its shape is [4, 2], not a scalar');
    expect(ask({ outputs: ["h"], targets: ["W2"] })).to.throw(
      GradientRequestError,
      'target "W2": the loss does not depend on it',
    );
    expect(ask({ outputs: ["yy"] })).to.throw(UnknownGraphNameError, 'Did you mean "y"?');
    expect(ask({ outputs: ["y"], targets: [] })).to.throw(GradientRequestError, "no targets are named");
  });

  it("refuse a trace of another graph", async () => {
    const traced = new Map([...(await traceOf(model))].filter(([name]) => name !== "W1"));
    expect(() => gradientGraph(model, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      TraceError,
      'value "W1": not in the trace',
    );
  });

  it("say why the operators without a rule have none", () => {
    for (const [op, rule] of Object.entries(gradientRules))
      if (typeof rule !== "function") expect("zero" in rule ? rule.zero : rule.action, op).to.match(/\w+ \w+/);
  });
});
