import { expect } from "chai";
import {
  crossEntropy,
  gradientGraph,
  makeModel,
  makeNode,
  makeValueInfo,
  selectRows,
  SOFT_TARGETS,
  softCrossEntropy,
  SurgeryError,
  trace,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { toHalf } from "../../../../kernels/onnx/lowering/half.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const [B, T, V] = [2, 3, 5];
const graph = (type: "float16" | "float32" | "float64", opset = 17) =>
  makeModel({
    nodes: [makeNode("Identity", ["scores"], ["logits"], {}, "head")],
    inputs: [makeValueInfo("scores", type, ["b", "t", V])],
    outputs: [makeValueInfo("logits", type, ["b", "t", V])],
    opset,
  });
const labels = [0, 4, 2, 1, 1, 3];
const feeds = (type: "float32" | "float64", scale = 3): Record<string, Tensor> => ({
  scores: seededValues(type, [B, T, V], scale, 1),
  labels: int64(labels, [B, T]),
  loss_weights: seededValues(type, [B, T], 1, 2),
  // Any sums, and signs: the loss is linear in the targets.
  [SOFT_TARGETS]: seededValues(type, [B, T, V], 1, 3),
});
const numbers = ({ data }: Tensor) => Array.from(data as Float64Array);

/** Both terms written out independently. */
function reference(given: Record<string, Tensor>, scores = numbers(given.scores)): number {
  const [weights, targets] = [numbers(given.loss_weights), numbers(given[SOFT_TARGETS])];
  return labels
    .map((label, i) => {
      const row = scores.slice(i * V, (i + 1) * V);
      const max = Math.max(...row);
      const log = row.map((x) => x - max - Math.log(row.reduce((sum, y) => sum + Math.exp(y - max), 0)));
      return -weights[i] * log[label] - log.reduce((sum, p, v) => sum + targets[i * V + v] * p, 0);
    })
    .reduce((sum, loss) => sum + loss);
}

describe("cross-entropy with soft targets", () => {
  for (const opset of [13, 17, 18])
    it(`adds the term of its definition, with its gradient by central differences, in operator set ${opset}`, async () => {
      const model = softCrossEntropy(crossEntropy(graph("float64", opset)));
      const given = feeds("float64");
      const backward = gradientGraph(model, {
        loss: "loss",
        targets: ["scores"],
        trace: await trace(model, given, runGraph),
      });
      const found = await runGraph(backward, given);
      expectNear(found.loss.data, [reference(given)], "differenceFloat64", "loss");
      const slopes = numbers(given.scores).map((_, i) => {
        const at = (step: number) =>
          reference(
            given,
            numbers(given.scores).map((x, k) => (k === i ? x + step : x)),
          );
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      });
      expectNear(found["grad:scores"].data, slopes, "differenceFloat64", "gradient");
    });

  it("leaves the loss as it is with targets of zero, bit for bit, and the log-probabilities with any", async () => {
    const before = await runGraph(crossEntropy(graph("float32")), feedsOf(crossEntropy(graph("float32"))));
    const model = softCrossEntropy(crossEntropy(graph("float32")));
    const none = { ...feeds("float32"), [SOFT_TARGETS]: float32(new Float32Array(B * T * V), [B, T, V]) };
    const after = await runGraph(model, none);
    expect(after.loss.data).to.deep.equal(before.loss.data);
    expect((await runGraph(model, feeds("float32"))).logprobs.data).to.deep.equal(before.logprobs.data);
    expect(model.graph.output.map(({ name }) => name)).to.deep.equal(["logits", "loss", "logprobs"]);
  });

  const feedsOf = (model: ReturnType<typeof graph>) =>
    Object.fromEntries(model.graph.input.map(({ name }) => [name, feeds("float32")[name]]));

  it("is smallest at the targets themselves: no gradient there", async () => {
    const scores = numbers(feeds("float32").scores);
    const soft = labels.flatMap((_, i) => {
      const row = scores.slice(i * V, (i + 1) * V).map(Math.exp);
      return row.map((value) => value / row.reduce((sum, each) => sum + each));
    });
    const model = softCrossEntropy(crossEntropy(graph("float32")));
    const given = {
      ...feeds("float32"),
      loss_weights: float32(new Float32Array(B * T), [B, T]),
      [SOFT_TARGETS]: float32(Float32Array.from(soft), [B, T, V]),
    };
    const traced = await trace(model, given, runGraph);
    const found = await runGraph(gradientGraph(model, { loss: "loss", targets: ["scores"], trace: traced }), given);
    const largest = Math.max(...numbers(found["grad:scores"]).map(Math.abs));
    expect(largest, `largest gradient ${largest}`).to.be.below(1e-6);
  });

  it("stays finite for logits of several hundred, and takes half-precision ones", async () => {
    const given = feeds("float32", 300);
    const model = softCrossEntropy(crossEntropy(graph("float32")));
    expectNear((await runGraph(model, given)).loss.data, [reference(given)], "logits", "loss");
    const half = softCrossEntropy(crossEntropy(graph("float16")));
    const small = feeds("float32");
    const scores = { type: "float16" as const, dims: [B, T, V], data: Uint16Array.from(numbers(small.scores), toHalf) };
    const { loss } = await runGraph(half, { ...small, scores });
    expect(loss.type).to.equal("float32");
    expectNear(loss.data, [reference(small)], "half", "loss");
  });

  it("takes chosen rows", async () => {
    const model = softCrossEntropy(crossEntropy(selectRows(graph("float32"))));
    const given = feeds("float32");
    const rows = [4, 1];
    const weights = numbers(given.loss_weights);
    const pick = (name: string, width: number) =>
      float32(Float32Array.from(rows.flatMap((row) => numbers(given[name]).slice(row * width, (row + 1) * width))), [2, width]); // prettier-ignore
    const { loss } = await runGraph(model, {
      scores: given.scores,
      rows: int64(rows, [2]),
      labels: int64(rows.map((row) => labels[row]), [2]), // prettier-ignore
      loss_weights: float32(Float32Array.from(rows, (row) => weights[row]), [2]), // prettier-ignore
      [SOFT_TARGETS]: pick(SOFT_TARGETS, V),
    });
    const zeroed = (name: string, width: number) => ({
      ...given[name],
      data: Float32Array.from(numbers(given[name]), (x, i) => (rows.includes(Math.floor(i / width)) ? x : 0)),
    });
    const wanted = { ...given, loss_weights: zeroed("loss_weights", 1), [SOFT_TARGETS]: zeroed(SOFT_TARGETS, V) };
    expectNear(loss.data, [reference(wanted as Record<string, Tensor>)], "logits", "loss");
  });

  it("is refused without a cross-entropy of these logits, and twice", () => {
    const model = crossEntropy(graph("float32"));
    expect(() => softCrossEntropy(graph("float32"))).to.throw(SurgeryError, 'no cross-entropy of "logits"');
    expect(() => softCrossEntropy(model, "scores")).to.throw(SurgeryError, 'no cross-entropy of "scores"');
    expect(() => softCrossEntropy(model, "logit")).to.throw(UnknownGraphNameError, 'Did you mean "logits"?');
    expect(() => softCrossEntropy(softCrossEntropy(model))).to.throw(
      SurgeryError,
      'already has a value "soft_targets"',
    );
  });
});
