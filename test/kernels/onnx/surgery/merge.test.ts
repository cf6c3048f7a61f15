import { expect } from "chai";
import {
  dense,
  denseInputName,
  findSites,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  merge,
  siteWeight,
  SurgeryError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { float32, type Tensor } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const values = (dims: readonly number[], seed: number) =>
  seededValues("float32", dims, 1, seed) as Tensor<Float32Array>;

describe("merging a delta into a weight", () => {
  const { model, first, second } = projectionModel();
  const x = values([5, 3], 9);

  for (const [name, site] of [
    ["a MatMul", first],
    ["a Gemm with a transposed weight", second],
  ] as const)
    it(`gives at ${name} what the dense side input gives, and leaves the model it was given`, async () => {
      const delta = values([site.in, site.out], 3);
      const wanted = await runGraph(dense(model, site), { x, [denseInputName(site.id)]: delta });
      const before = siteWeight(model, site);
      const merged = merge(model, site, delta);
      expectNear((await runGraph(merged, { x })).y.data, wanted.y.data, "logits", "y");
      expect(siteWeight(model, site)).to.deep.equal(before);
      const [after] = findSites(merged).filter((each) => each.id === site.id);
      expectNear(siteWeight(merged, after).data, before.data.map((value, i) => value + delta.data[i]), "float32", "W"); // prettier-ignore
    });

  it("counts the factor of a Gemm", async () => {
    const scaled = makeModel({
      nodes: [makeNode("Gemm", ["x", "w"], ["y"], { alpha: { float: 0.5 } }, "/projector/Gemm")],
      inputs: [makeValueInfo("x", "float32", ["n", 3])],
      outputs: [makeValueInfo("y", "float32", ["n", 2])],
      initializers: [makeTensor("w", values([3, 2], 1))],
    });
    await expectAsDense(scaled, x);
  });

  it("leaves other readers of the weight alone", async () => {
    const tied = makeModel({
      nodes: [
        makeNode("Gather", ["table", "ids"], ["x"], {}, "/embed_tokens/Gather"),
        makeNode("Transpose", ["table"], ["turned"], { perm: [1, 0] }),
        makeNode("MatMul", ["x", "turned"], ["y"], {}, "/lm_head/MatMul"),
      ],
      inputs: [makeValueInfo("ids", "int64", ["n"])],
      outputs: [makeValueInfo("y", "float32", ["n", 6]), makeValueInfo("x", "float32", ["n", 3])],
      initializers: [makeTensor("table", values([6, 3], 1))],
    });
    const ids: Tensor = { type: "int64", dims: [2], data: BigInt64Array.of(1n, 4n) };
    const head = findSites(tied).find((site) => site.kind === "projection")!;
    const delta = values([3, 6], 2);
    const [base, got] = [await runGraph(tied, { ids }), await runGraph(merge(tied, head, delta), { ids })];
    expect(got.x).to.deep.equal(base.x);
    const wanted = await runGraph(dense(tied, head), { ids, [denseInputName(head.id)]: delta });
    expectNear(got.y.data, wanted.y.data, "logits", "y");
  });

  it("refuses a delta of another shape", () => {
    expect(() => merge(model, first, float32([1, 2], [2, 1]))).to.throw(
      SurgeryError,
      `site ${first.id}: the delta has shape [2, 1]. Give one of shape [${first.in}, ${first.out}].`,
    );
  });
});

async function expectAsDense(model: OnnxModel, x: Tensor): Promise<void> {
  const [site] = findSites(model);
  const delta = values([site.in, site.out], 5);
  const wanted = await runGraph(dense(model, site), { x, [denseInputName(site.id)]: delta });
  expectNear((await runGraph(merge(model, site, delta), { x })).y.data, wanted.y.data, "logits", "y");
}
