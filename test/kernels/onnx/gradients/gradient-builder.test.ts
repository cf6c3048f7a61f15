import { expect } from "chai";
import { GraphBuilder } from "../../../../kernels/onnx/build/index.ts";
import { gradientGraph, trace } from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { int64 } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const backward = async (model: OnnxModel, targets: string[], feeds: Parameters<typeof runGraph>[1]) =>
  gradientGraph(model, { loss: "loss", targets, trace: await trace(model, feeds, runGraph) });
const count = (model: OnnxModel, opType: string) => model.graph.node.filter((node) => node.opType === opType).length;

describe("what gradient graphs save", () => {
  it("rows of a table that is read twice, by place and as a matrix, are added into the other gradient: no zeros, no sum", async () => {
    const g = new GraphBuilder();
    const table = g.input("table", "float32", [5, 3]);
    const rows = g.gather(table, g.input("ids", "int64", ["n"]));
    const scores = g.matMul(rows, g.transpose(table, [1, 0]));
    g.output("loss", g.total(scores));
    const { model } = g.finish();
    const feeds = { table: seededValues("float32", [5, 3], 1, 1), ids: int64([4, 0, 4], [3]) };
    const graph = await backward(model, ["table"], feeds);
    expect(count(graph, "Add")).to.equal(0);
    const results = await runGraph(graph, feeds);
    const t = (row: number, k: number) => Number(feeds.table.data[3 * row + k]);
    const sum = (k: number) => [0, 1, 2, 3, 4].reduce((total, row) => total + t(row, k), 0);
    const read = (k: number) => t(4, k) + t(0, k) + t(4, k);
    const times = [1, 0, 0, 0, 2];
    const wanted = times.flatMap((n, row) => [0, 1, 2].map((k) => n * sum(k) + read(k) + 0 * row));
    expectNear(results["grad:table"].data, wanted, "float32", "table");
  });

  it("a repeated factor is not written out before a product", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", ["n", 4]);
    g.output("loss", g.total(g.exp(x)));
    const { model } = g.finish();
    const feeds = { x: seededValues("float32", [3, 4], 1, 1) };
    const graph = await backward(model, ["x"], feeds);
    expect(count(graph, "Expand")).to.be.below(2);
    const results = await runGraph(graph, feeds);
    expectNear(results["grad:x"].data, Array.from(feeds.x.data as Float32Array, (v) => Math.exp(Number(v))), "float32", "exp"); // prettier-ignore
  });

  it("keys of an attention are not transposed again, nor is their gradient", async () => {
    const g = new GraphBuilder();
    const [q, k] = [g.input("q", "float32", ["b", 3, 4]), g.input("k", "float32", ["b", 2, 4])];
    g.output("loss", g.total(g.exp(g.matMul(q, g.transpose(k, [0, 2, 1])))));
    const { model } = g.finish();
    const feeds = { q: seededValues("float32", [2, 3, 4], 1, 1), k: seededValues("float32", [2, 2, 4], 1, 2) };
    const graph = await backward(model, ["q", "k"], feeds);
    // The model's own, and one of the scores' gradient, which ONNX Runtime takes into the product.
    expect(count(graph, "Transpose")).to.equal(2);
    const results = await runGraph(graph, feeds);
    const [qs, ks] = [feeds.q.data, feeds.k.data].map((data) => Array.from(data as Float32Array));
    const wanted = { q: qs.map(() => 0), k: ks.map(() => 0) };
    for (const [b, m, n] of [0, 1].flatMap((b) => [0, 1, 2].flatMap((m) => [0, 1].map((n) => [b, m, n])))) {
      const [row, column] = [4 * (3 * b + m), 4 * (2 * b + n)];
      const weight = Math.exp([0, 1, 2, 3].reduce((sum, d) => sum + qs[row + d] * ks[column + d], 0));
      for (const d of [0, 1, 2, 3]) {
        wanted.q[row + d] += weight * ks[column + d];
        wanted.k[column + d] += weight * qs[row + d];
      }
    }
    for (const name of ["q", "k"] as const) expectNear(results[`grad:${name}`].data, wanted[name], "float32", name);
  });

  it("a bias over several leading axes is summed right, also where one of them is 1 or 0 in the run", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", ["a", "b", 3]);
    g.output("loss", g.total(g.mul(g.add(x, g.input("bias", "float32", [3])), x)));
    const { model } = g.finish();
    const bias = seededValues("float32", [3], 1, 9);
    const graph = await backward(model, ["bias"], { x: seededValues("float32", [2, 4, 3], 1, 1), bias });
    for (const dims of [
      [2, 4, 3],
      [1, 5, 3],
      [3, 1, 3],
      [0, 2, 3],
    ]) {
      const x = seededValues("float32", dims, 1, 2);
      const results = await runGraph(graph, { x, bias });
      const wanted = [0, 1, 2].map((k) => Array.from(x.data as Float32Array).reduce((sum, v, i) => sum + (i % 3 === k ? v : 0), 0)); // prettier-ignore
      expectNear(results["grad:bias"].data, wanted, "float32", `bias at ${dims.join()}`);
    }
  });
});
