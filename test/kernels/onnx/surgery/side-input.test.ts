import { expect } from "chai";
import {
  declared,
  dense,
  denseInputName,
  exampleFeeds,
  findSites,
  sideInput,
  sideInputNames,
  SurgeryError,
  UnknownGraphNameError,
  writeModel,
} from "../../../../kernels/onnx/index.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const x = seededValues("float32", [5, 3], 1, 9);
const zeros = (...dims: number[]) => float32(new Float32Array(dims.reduce((a, b) => a * b)), dims);
const product = (a: Float32Array, b: Float32Array, n: number, k: number, m: number) =>
  Float32Array.from({ length: n * m }, (_, i) =>
    Array.from({ length: k }, (_, j) => a[Math.floor(i / m) * k + j] * b[j * m + (i % m)]).reduce((p, q) => p + q),
  );

describe("side inputs", () => {
  const { model, first, second } = projectionModel();

  for (const [name, site] of [
    ["a MatMul", first],
    ["a Gemm with a transposed weight", second],
  ] as const) {
    it(`zero factors at ${name} give the base values bit for bit`, async () => {
      const { a, b } = sideInputNames(site.id);
      const base = (await runGraph(model, { x })).y.data;
      const edited = (await runGraph(sideInput(model, site), { x, [a]: zeros(site.in, 2), [b]: zeros(2, site.out) })).y
        .data;
      expect(Array.from(edited as Float32Array)).to.deep.equal(Array.from(base as Float32Array));
    });

    it(`factors at ${name} act as their product does as a dense update, at two ranks`, async () => {
      const { a, b } = sideInputNames(site.id);
      const low = sideInput(model, site);
      for (const rank of [1, 3]) {
        const A = seededValues("float32", [site.in, rank], 1, 4);
        const B = seededValues("float32", [rank, site.out], 1, 5);
        const delta = float32(product(A.data as Float32Array, B.data as Float32Array, site.in, rank, site.out), [
          site.in,
          site.out,
        ]);
        const whole = await runGraph(dense(model, site), { x, [denseInputName(site.id)]: delta });
        const factored = await runGraph(low, { x, [a]: A, [b]: B });
        expectNear(factored.y.data, whole.y.data, "logits", `rank ${rank}`);
        const base = (await runGraph(model, { x })).y.data;
        expect(Array.from(whole.y.data as Float32Array)).to.not.deep.equal(Array.from(base as Float32Array));
      }
    });
  }

  it("low-rank and dense inputs at one site add up, in either order", async () => {
    const { a, b } = sideInputNames(first.id);
    const feeds = {
      x,
      [a]: seededValues("float32", [3, 2], 1, 4),
      [b]: seededValues("float32", [2, 4], 1, 5),
      [denseInputName(first.id)]: seededValues("float32", [3, 4], 1, 6),
    };
    const one = await runGraph(dense(sideInput(model, first), first), feeds);
    const other = await runGraph(sideInput(dense(model, first), first), feeds);
    expectNear(one.y.data, other.y.data, "logits", "orders");
  });

  for (const site of [first, second])
    it(`under other names stand beside the site's own, at ranks of their own, and add up (${site.id})`, async () => {
      const { a, b } = sideInputNames(site.id);
      const [mine, more] = ["mine", { a: "trained:A", b: "trained:B" }] as const;
      const edited = dense(dense(sideInput(sideInput(model, site), site, more), site), site, mine);
      const sizes = (name: string) => declared(edited.graph.input.find((input) => input.name === name)!).dims;
      expect(sizes(a)![1]).to.not.equal(sizes(more.a)![1]);
      const factors = (ranks: number, seed: number) => [
        seededValues("float32", [site.in, ranks], 1, seed),
        seededValues("float32", [ranks, site.out], 1, seed + 1),
      ];
      const [[A1, B1], [A2, B2]] = [factors(2, 10), factors(3, 20)];
      const [d1, d2] = [30, 31].map((seed) => seededValues("float32", [site.in, site.out], 1, seed));
      const found = await runGraph(edited, {
        x,
        ...{ [a]: A1, [b]: B1, [more.a]: A2, [more.b]: B2, [denseInputName(site.id)]: d1, [mine]: d2 },
      });
      const values = ({ data }: { data: unknown }) => data as Float32Array;
      const [p1, p2] = [product(values(A1), values(B1), site.in, 2, site.out), product(values(A2), values(B2), site.in, 3, site.out)]; // prettier-ignore
      const sum = p1.map((value, i) => value + p2[i] + values(d1)[i] + values(d2)[i]);
      const whole = await runGraph(dense(model, site), { x, [denseInputName(site.id)]: float32(sum, [site.in, site.out]) }); // prettier-ignore
      expectNear(found.y.data, whole.y.data, "logits", "sum of all");
      expect(exampleFeeds(edited, { n: 2, rank: 2 })[more.a].dims).to.deep.equal([site.in, 2]);
      expect(() => dense(edited, site, mine)).to.throw(SurgeryError, 'already has an input "mine"');
    });

  it("leave the model they were given untouched and share its weights", () => {
    const before = writeModel(model);
    const edited = sideInput(model, first);
    expect(Buffer.compare(writeModel(model), before)).to.equal(0);
    expect(edited.graph.initializer[0].rawData).to.equal(model.graph.initializer[0].rawData);
    expect(findSites(edited).map((site) => site.id)).to.deep.equal(findSites(model).map((site) => site.id));
  });

  it("refuse a second input of the same name", () => {
    expect(() => dense(dense(model, first), first)).to.throw(
      SurgeryError,
      'site layers.0.mlp.fc1: the graph already has an input "side:layers.0.mlp.fc1:delta"',
    );
  });

  it("refuse a site of another model and offer the nearest name", () => {
    expect(() => dense(model, { ...first, output: "hh" })).to.throw(
      UnknownGraphNameError,
      'the graph has no computed value "hh". Did you mean "h"?',
    );
  });
});
