import { expect } from "chai";
import {
  crossEntropy,
  gradientGraph,
  makeModel,
  makeNode,
  makeValueInfo,
  SurgeryError,
  trace,
} from "../../../../kernels/onnx/index.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const [B, T, V] = [2, 3, 5];
const graph = (opset: number) =>
  makeModel({
    nodes: [makeNode("Identity", ["scores"], ["logits"], {}, "head")],
    inputs: [makeValueInfo("scores", "float32", ["b", "t", V])],
    outputs: [makeValueInfo("logits", "float32", ["b", "t", V])],
    opset,
  });
const labels = [0, 4, 2, 1, 1, 3];
const weights = [1, 0, 0.5, 0.25, 0, 2];
const feeds = (scale: number) => ({
  scores: seededValues("float32", [B, T, V], scale, 1),
  labels: int64(labels, [B, T]),
  loss_weights: float32(weights, [B, T]),
});

/** Softmax and cross-entropy written out independently, in double precision. */
function reference(scores: Float32Array) {
  const rows = Array.from({ length: B * T }, (_, i) => Array.from(scores.slice(i * V, (i + 1) * V)));
  const probabilities = rows.map((row) => {
    const max = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - max), 0);
    return row.map((value) => Math.exp(value - max) / total);
  });
  const logprobs = probabilities.map((row, i) => Math.log(row[labels[i]]));
  return {
    logprobs,
    loss: -logprobs.reduce((sum, value, i) => sum + weights[i] * value, 0),
    gradient: probabilities.flatMap((row, i) => row.map((p, v) => weights[i] * (p - (v === labels[i] ? 1 : 0)))),
  };
}

describe("cross-entropy", () => {
  for (const opset of [14, 17, 18, 21])
    it(`gives loss, log-probabilities and gradient of the definition in operator set ${opset}`, async () => {
      const model = crossEntropy(graph(opset));
      const traced = await trace(model, feeds(3), runGraph);
      const results = await runGraph(
        gradientGraph(model, { loss: "loss", targets: ["scores"], trace: traced, keep: ["loss", "logprobs"] }),
        feeds(3),
      );
      const wanted = reference(feeds(3).scores.data as Float32Array);
      expectNear(results.loss.data, [wanted.loss], "logits", "loss");
      expect(results.loss.dims).to.deep.equal([]);
      expectNear(results.logprobs.data, wanted.logprobs, "logits", "log-probabilities");
      expectNear(results["grad:scores"].data, wanted.gradient, "logits", "gradient");
    });

  it("stays finite for logits of several hundred", async () => {
    const { loss } = await runGraph(crossEntropy(graph(17)), feeds(300));
    expectNear(
      loss.data,
      [
        -reference(feeds(300).scores.data as Float32Array).logprobs.reduce(
          (sum, value, i) => sum + weights[i] * value,
          0,
        ),
      ],
      "logits",
      "loss",
    );
  });

  it("sends no gradient through the stabilising maximum", async () => {
    const model = crossEntropy(graph(17));
    const backward = gradientGraph(model, {
      loss: "loss",
      targets: ["scores"],
      trace: await trace(model, feeds(3), runGraph),
    });
    expect(backward.graph.node.filter((node) => node.opType === "Equal")).to.deep.equal([]);
  });

  it("is refused where the graph has a loss already", () => {
    expect(() => crossEntropy(crossEntropy(graph(17)))).to.throw(
      SurgeryError,
      'the graph already has a value "labels"',
    );
  });
});
