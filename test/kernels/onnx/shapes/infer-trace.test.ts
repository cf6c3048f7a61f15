import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  exampleFeeds,
  exampleShapes,
  gradientGraph,
  inferTrace,
  lift,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  ShapeInferenceError,
  trace,
  TraceError,
  writeModel,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, Trace } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { FAMILIES, familyFeeds, PLAIN_GRAPHS } from "../family-feeds.ts";
import { caseFeeds } from "../gradients/rule-case.ts";
import { graphOf, inType } from "../gradients/check-rule.ts";
import { ruleCases } from "../gradients/rule-cases.ts";
import { projectionModel } from "../projection-model.ts";
import { readSafetensors } from "../read-safetensors.ts";
import { runGraph } from "../run-graph.ts";

const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";
const ENCODER = "models/vqarad-tiny-vlm/onnx/vision_encoder.onnx";
const STORIES = "models/tinystories-656k/onnx/model.onnx";

const described = (values: Trace) =>
  Object.fromEntries([...values].sort().map(([name, { type, dims }]) => [name, `${type} [${dims}]`]));

/** Types and sizes of every value must be the traced ones, and no constant may differ from a traced one. */
async function expectSameTrace(
  model: OnnxModel,
  feeds: Record<string, Tensor>,
): Promise<{ traced: Trace; inferred: Trace }> {
  const [traced, inferred] = [await trace(model, feeds, runGraph), inferTrace(model, feeds)];
  expect(described(inferred)).to.deep.equal(described(traced));
  for (const [name, { constant }] of inferred) {
    const seen = traced.get(name)!.constant;
    if (constant) expect([...constant], name).to.deep.equal(seen && [...seen]);
  }
  return { traced, inferred };
}

describe("inferring a trace without a run", () => {
  const titled = ruleCases.filter((test) => test.op !== "Range" && test.title !== "by sizes known at run time only");
  for (const test of titled)
    it(`${test.op} ${test.title}: type and sizes are those of a run`, async () => {
      const type = test.type ?? "float64";
      const model = graphOf(test, type);
      await expectSameTrace(model, inType(type, caseFeeds(test)));
    });

  it("follows contents of shapes and axes through arithmetic, and keeps only those that cannot vary", () => {
    const model = makeModel({
      nodes: [
        makeNode("Shape", ["x"], ["sizes"]),
        makeNode("Gather", ["sizes", "one"], ["width"]),
        makeNode("Mul", ["width", "two"], ["twice"]),
        makeNode("Sub", ["two", "one"], ["difference"]),
        makeNode("Concat", ["twice", "rest"], ["target"], { axis: 0 }),
        makeNode("Expand", ["column", "target"], ["y"]),
      ],
      inputs: [makeValueInfo("x", "float32", ["n", 6])],
      outputs: [makeValueInfo("y")],
      initializers: [
        makeTensor("one", int64([1], [1])),
        makeTensor("two", int64([2], [1])),
        makeTensor("rest", int64([3], [1])),
        makeTensor("column", float32([5], [1])),
      ],
    });
    const inferred = inferTrace(model, exampleFeeds(model, { n: 2 }));
    expect(inferred.get("y")).to.deep.equal({ type: "float32", dims: [12, 3], constant: undefined });
    expect(inferred.get("difference")!.constant).to.deep.equal([1]);
    expect(inferred.get("twice")!.constant).to.equal(undefined);
  });

  const oneNode = (opType: string, domain = "") => {
    const node = makeNode(opType, ["x", "n"], ["y"], {}, "/model/odd");
    node.domain = domain;
    return makeModel({
      nodes: [makeNode("Cast", ["x"], ["n"], { to: 7 }), node],
      inputs: [makeValueInfo("x", "float32", [2])],
      outputs: [makeValueInfo("y")],
    });
  };
  it("names operator and node where a size depends on computed contents, or the operator has no rule", () => {
    const feeds = { x: float32([1, 2], [2]) };
    expect(() => inferTrace(oneNode("Reshape"), feeds)).to.throw(
      ShapeInferenceError,
      'node "/model/odd" (Reshape): its sizes depend on the contents of "n". Trace the graph by running it instead (trace).',
    );
    expect(() => inferTrace(oneNode("MoE", "com.microsoft"), feeds)).to.throw(
      ShapeInferenceError,
      'node "/model/odd" (com.microsoft.MoE): no shape rule for this operator. Lower fused operators first',
    );
  });

  it("needs no contents of float inputs: a lifted weight takes no memory", () => {
    const { model } = projectionModel();
    const lifted = lift(model, ["W1", "W2", "c"]);
    const shapes = exampleShapes(lifted, { n: 4 });
    expect(Object.values(shapes).every(({ data }) => data === undefined)).to.equal(true);
    const targets = ["W1", "W2", "c"];
    const emitted = (of: Trace) => writeModel(gradientGraph(lifted, { outputs: ["y"], targets, trace: of }));
    const filled = inferTrace(lifted, exampleFeeds(lifted, { n: 4 }));
    expect(Buffer.compare(emitted(inferTrace(lifted, shapes)), emitted(filled))).to.equal(0);
  });

  it("refuses the examples that a trace refuses", () => {
    const model = oneNode("Add");
    expect(() => inferTrace(model, {})).to.throw(TraceError, 'input "x": the example feeds leave it out');
  });
});

describeWithShared("inferred traces of whole models", [FAMILIES, DECODER, ENCODER, STORIES], () => {
  const open = (path: string) => readModel(readFileSync(shared(path)), path);

  for (const [family, file] of PLAIN_GRAPHS)
    it(`${family} ${file}: every value as traced, and the same gradient graph byte for byte`, async () => {
      const model = open(`${FAMILIES}/${family}/${file}`);
      const inputs = readSafetensors(shared(FAMILIES, family, "inputs.safetensors"));
      const cases = file === "model_kv.onnx" ? ["continue"] : ["plain", "batch"];
      const name = cases.find((candidate) => [...inputs.keys()].some((key) => key.startsWith(`${candidate}/`)))!;
      const feeds = familyFeeds(inputs, name, model);
      const { traced, inferred } = await expectSameTrace(model, feeds);
      const outputs = model.graph.output.map((output) => output.name);
      const targets = model.graph.initializer.flatMap(({ name: weight, dims }) =>
        dims.length === 2 && traced.get(weight)?.type === "float32" && dims.every((size) => size > 1n) ? [weight] : [],
      );
      const emitted = (of: Trace) =>
        writeModel(gradientGraph(model, { outputs, targets: reached(model, targets), trace: of }));
      expect(Buffer.compare(emitted(inferred), emitted(traced))).to.equal(0);
    });

  it("the vqarad decoder with a loss, its vision encoder and the tinystories decoder: every value as traced", async () => {
    const sizes = {
      batch_size: 2,
      sequence_length: 3,
      past_sequence_length: 2,
      total_sequence_length: 5,
      batch: 2,
    };
    for (const model of [crossEntropy(open(DECODER)), open(STORIES)])
      await expectSameTrace(model, exampleFeeds(model, { ...sizes, "past_sequence_length + 1": 5 }));
    const encoder = open(ENCODER);
    await expectSameTrace(encoder, exampleFeeds(encoder, sizes));
  });

  it("a gradient graph itself, so that it can be differentiated again without a run", async () => {
    const model = crossEntropy(open(DECODER));
    const feeds = exampleFeeds(model, {
      batch_size: 2,
      sequence_length: 3,
      past_sequence_length: 2,
      total_sequence_length: 5,
    });
    const targets = ["inputs_embeds", "past_key_values.0.key"];
    const once = gradientGraph(model, { loss: "loss", targets, trace: inferTrace(model, feeds) });
    await expectSameTrace(once, feeds);
  });
});

/** Of the candidates, the weights that are read by a matrix product: all of them reach the output. */
function reached(model: OnnxModel, candidates: readonly string[]): string[] {
  const products = new Set(
    model.graph.node.flatMap((node) => (["MatMul", "Gemm"].includes(node.opType) ? node.input.slice(1, 2) : [])),
  );
  return candidates.filter((name) => products.has(name));
}
