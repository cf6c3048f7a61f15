import { expect } from "chai";
import {
  exampleFeeds,
  factorNames,
  factors,
  gradientGraph,
  SurgeryError,
  trace,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

/** xᵀ·dy, [in, out]. */
function weightGradient(x: Tensor, dy: Tensor, transposed: boolean): number[] {
  const [rows, width] = x.dims;
  const out = dy.dims[1];
  const at = (i: number, j: number) =>
    Array.from({ length: rows }, (_, r) => (x.data[r * width + i] as number) * (dy.data[r * out + j] as number)).reduce(
      (sum, value) => sum + value,
    );
  const size = transposed ? [out, width] : [width, out];
  return Array.from({ length: width * out }, (_, k) => {
    const [row, column] = [Math.floor(k / size[1]), k % size[1]];
    return transposed ? at(column, row) : at(row, column);
  });
}

describe("per-token factors of the weight gradients", () => {
  const { model, first, second } = projectionModel("float64");
  const feeds = { x: seededValues("float64", [5, 3], 1, 9), "cotangent:y": seededValues("float64", [5, 2], 1, 5) };

  it("multiply to the weight gradients, of a MatMul and of a Gemm with a transposed weight", async () => {
    const traced = await trace(model, exampleFeeds(model, { n: 4 }), runGraph);
    const wanted = await runGraph(
      gradientGraph(model, { outputs: ["y"], targets: ["W1", "W2"], trace: traced }),
      feeds,
    );
    const found = await runGraph(factors(model, [first, second], { outputs: ["y"], trace: traced }), feeds);
    expect(Object.keys(found)).to.have.members(
      [first, second].flatMap((site) => [factorNames(site.id).x, factorNames(site.id).dy]),
    );
    for (const [site, weight] of [
      [first, "W1"],
      [second, "W2"],
    ] as const) {
      const { x, dy } = factorNames(site.id);
      expect(found[x].dims).to.deep.equal([5, site.in]);
      expect(found[dy].dims).to.deep.equal([5, site.out]);
      expectNear(
        weightGradient(found[x], found[dy], site.transposed),
        wanted[`grad:${weight}`].data,
        "differenceFloat64",
        weight,
      );
    }
  });

  it("refuse places that are no projections of the model", async () => {
    const traced = await trace(model, exampleFeeds(model, { n: 4 }), runGraph);
    const ask = (output: string) => () => factors(model, [{ ...first, output }], { outputs: ["y"], trace: traced });
    expect(ask("hh")).to.throw(UnknownGraphNameError, 'Did you mean "h"?');
    expect(ask("z")).to.throw(SurgeryError, 'value "z": not the output of a projection');
  });
});
