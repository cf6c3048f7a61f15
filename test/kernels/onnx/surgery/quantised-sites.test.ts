import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  dequantisedName,
  findSites,
  gradientGraph,
  gradientName,
  lower,
  makeTensor,
  merge,
  readModel,
  sideInput,
  sideInputNames,
  SurgeryError,
  tensorOf,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import { siteWeight } from "../../../../kernels/onnx/site-weight.ts";
import { takesTerms } from "../../../../kernels/onnx/surgery/site-node.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const FILE = "models/tiny-families/llama/model_q4.onnx";
const INT8 = "models/tiny-families/bert/model_int8.onnx";
const SITE = "layers.1.mlp.down_proj";

const feeds = (batch: number, tokens: number) => ({
  input_ids: int64(Array.from({ length: batch * tokens }, (_, i) => (7 * i + 3) % 64), [batch, tokens]),
  attention_mask: int64(Array(batch * tokens).fill(1), [batch, tokens]),
  position_ids: int64(Array.from({ length: batch * tokens }, (_, i) => i % tokens), [batch, tokens]),
}); // prettier-ignore

describeWithShared("edits of a 4-bit decoder", [FILE], () => {
  let model: OnnxModel;
  before(() => (model = readModel(readFileSync(shared(FILE)), FILE)));
  const site = () => findSites(model).find(({ id }) => id === SITE)!;

  it("every projection takes terms, and keeps its 4-bit kernel", () => {
    const projections = findSites(model).filter(({ kind }) => kind === "projection");
    expect(projections).to.have.length(15);
    expect(projections.filter((each) => !takesTerms(model, each))).to.deep.equal([]);
    const edited = projections.reduce((graph, each) => sideInput(graph, each), model);
    expect(edited.graph.node.filter((node) => node.opType === "MatMulNBits")).to.have.length(15);
  });

  it("zero factors reproduce the base bit for bit; others give what the merged weight gives", async () => {
    const edited = sideInput(model, site());
    const names = sideInputNames(SITE);
    const { in: rows, out: columns } = site();
    const [a, b] = [seededValues("float32", [rows, 2], 0.3, 1), seededValues("float32", [2, columns], 0.3, 2)];
    const base = await runGraph(model, feeds(2, 5));
    const zero = { [names.a]: float32(new Float32Array(rows * 2), a.dims), [names.b]: b };
    expect((await runGraph(edited, { ...feeds(2, 5), ...zero })).logits.data).to.deep.equal(base.logits.data);

    const lowered = lower(model);
    const weight = lowered.graph.initializer.find((tensor) => tensor.name === dequantisedName(site().weight))!;
    const { data, dims } = tensorOf(weight);
    const [left, right] = [a.data as Float32Array, b.data as Float32Array];
    const merged = Float32Array.from(data as Float32Array, (value, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return value + left[2 * row] * right[column] + left[2 * row + 1] * right[columns + column];
    });
    const initializer = lowered.graph.initializer.map((tensor) =>
      tensor === weight ? makeTensor(tensor.name, float32(merged, dims)) : tensor,
    );
    const wanted = await runGraph(withGraph(lowered, { initializer }), feeds(2, 5));
    const got = await runGraph(edited, { ...feeds(2, 5), [names.a]: a, [names.b]: b });
    expectNear(got.logits.data, wanted.logits.data, "logits", "logits");
    expect(got.logits.data).to.not.deep.equal(base.logits.data);
  });

  it("the weight of a site is read as floats [in, out]", () => {
    const { data, dims } = siteWeight(model, site());
    const lowered = lower(model).graph.initializer.find(({ name }) => name === dequantisedName(site().weight))!;
    expect(dims).to.deep.equal([site().in, site().out]);
    expect(data).to.deep.equal(tensorOf(lowered).data);
  });

  it("the gradient of a delta is that of the dequantised weight, with the layers before it still in 4 bits", async () => {
    const { in: rows, out: columns } = site();
    const delta = denseInputName(SITE);
    const training = (batch: number, tokens: number) => ({
      ...feeds(batch, tokens),
      labels: int64(Array.from({ length: batch * tokens }, (_, i) => (5 * i) % 64), [batch, tokens]),
      loss_weights: float32(new Float32Array(batch * tokens).fill(1 / (batch * tokens)), [batch, tokens]),
    }); // prettier-ignore
    const gradient = async (graph: OnnxModel, target: string, extra: object) => {
      const traced = await trace(graph, { ...training(3, 4), ...extra }, runGraph);
      const backward = gradientGraph(graph, { loss: "loss", targets: [target], trace: traced });
      return (await runGraph(backward, { ...training(2, 5), ...extra }))[gradientName(target)];
    };
    const partly = crossEntropy(lower(dense(model, site()), { targets: [delta] }));
    expect(partly.graph.node.filter((node) => node.opType === "MatMulNBits")).to.have.length(14);
    const zero = { [delta]: float32(new Float32Array(rows * columns), [rows, columns]) };
    const got = await gradient(partly, delta, zero);
    const wanted = await gradient(crossEntropy(lower(model)), dequantisedName(site().weight), {});
    expectNear(got.data, wanted.data, "float32", "gradient");
  });
});

describeWithShared("edits of an 8-bit encoder", [INT8], () => {
  const model = () => readModel(readFileSync(shared(INT8)), INT8);
  const site = (id: string) => findSites(model()).find((each) => each.id === id)!;

  const ids = int64([7, 14, 21, 28, 35, 42, 49, 56], [2, 4]);
  const text = { input_ids: ids, attention_mask: int64(Array(8).fill(1), [2, 4]), token_type_ids: int64(Array(8).fill(0), [2, 4]) }; // prettier-ignore

  it("add to the products of integers, which stay: zeros give the base bit for bit, others what they give lowered", async () => {
    const projections = findSites(model()).filter(({ kind }) => kind === "projection");
    expect(projections.filter((each) => !takesTerms(model(), each))).to.deep.equal([]);
    const projection = site("layers.1.mlp.fc2");
    const edited = dense(sideInput(model(), projection), projection);
    const count = (graph: OnnxModel) => graph.graph.node.filter(({ opType }) => opType === "MatMulInteger").length;
    expect(count(edited)).to.equal(count(model()));
    const { a, b } = sideInputNames(projection.id);
    const [rows, columns] = [projection.in, projection.out];
    const side = (scale: number) => ({
      [a]: seededValues("float32", [rows, 2], scale, 1),
      [b]: seededValues("float32", [2, columns], 1, 2),
      [denseInputName(projection.id)]: seededValues("float32", [rows, columns], scale, 3),
    });
    const [output] = edited.graph.output.map(({ name }) => name);
    const run = async (graph: OnnxModel, feeds: object) => (await runGraph(graph, { ...text, ...feeds }))[output].data;
    const base = await run(model(), {});
    expect(await run(edited, side(0))).to.deep.equal(base);
    const sided = await run(edited, side(1));
    expect(sided).to.not.deep.equal(base);
    expectNear(await run(lower(edited), side(1)), sided, "merged", "lowered after surgery");
  });

  it("cannot be merged into integers: the refusal names the way out", () => {
    const projection = site("layers.1.mlp.fc2");
    const delta = float32(new Float32Array(projection.in * projection.out), [projection.in, projection.out]);
    expect(() => merge(model(), projection, delta)).to.throw(
      SurgeryError,
      "site layers.1.mlp.fc2: its product is one of integers (int8). Rewrite the model with lower(model) first; the site stays the same.",
    );
  });

  it("are refused at what is no projection", () => {
    expect(() => sideInput(model(), site("embed_tokens"))).to.throw(
      SurgeryError,
      "site embed_tokens: it is a look-up in a table. Choose a projection.",
    );
    expect(() => dense(model(), site("layers.0.output"))).to.throw(
      SurgeryError,
      "site layers.0.output: it is a value without a weight. Choose a projection.",
    );
  });
});
