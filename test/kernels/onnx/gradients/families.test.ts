import { expect } from "chai";
import { gradientGraph, gradientName, tap, trace } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared } from "../../../shared-data.ts";
import { BOUNDS, expectNear, largest, relativeError } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { checkGradients } from "./check-gradients.ts";
import * as family from "./family.ts";
import type { FamilyGraph } from "./family.ts";

const numbers = (tensor: Tensor) => Array.from(tensor.data as Float32Array);
const norm = (values: readonly number[]) => Math.hypot(...values);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Outputs and inner values of a case against the reference. */
async function checkForward(graph: FamilyGraph, name: string): Promise<void> {
  const { model, notes, reference } = graph;
  const labelled = (kind: string) =>
    [...reference].filter(([key]) => key.startsWith(`${name}/${kind}/`)).map(([key, tensor]): [string, Tensor] => [
      key.slice(name.length + kind.length + 2),
      tensor,
    ]); // prettier-ignore
  const wanted = [
    ...labelled("output"),
    ...labelled("value").map(([label, tensor]): [string, Tensor] => [notes.values[label], tensor]),
  ];
  expect(wanted.length).to.be.above(0);
  const results = await runGraph(
    tap(
      model,
      wanted.map(([value]) => value),
    ),
    family.caseFeeds(graph, name),
  );
  for (const [value, tensor] of wanted) {
    expect(results[value].dims, value).to.deep.equal(tensor.dims);
    const [got, expected] = [results[value], tensor].map((one) => family.withoutPadding(graph, name, value, one));
    expectNear(got.data, expected.data, "familyOutput", value, 1);
  }
}

/** Gradients of a case, by target. Traced at another case, so that a gradient that is right for one shape alone is found out. */
async function gradientsOf(graph: FamilyGraph, name: string, targets: string[]): Promise<Record<string, Tensor>> {
  const { model, notes } = graph;
  const traced = await trace(model, family.caseFeeds(graph, family.tracedCase(graph, name)), runGraph);
  const cotangents = family.cotangentFeeds(graph, name);
  const outputs = Object.keys(cotangents).map((key) => key.slice(key.indexOf(":") + 1));
  const backward = gradientGraph(model, {
    ...(notes.loss === "cross_entropy" ? { loss: "loss" } : { outputs }),
    targets,
    trace: traced,
  });
  return runGraph(backward, { ...family.caseFeeds(graph, name), ...cotangents });
}

/** Quantised graphs: slopes along ten directions, analytic from PyTorch and numeric from the quantised graph itself. */
function checkDirections(graph: FamilyGraph, name: string, got: Record<string, Tensor>): void {
  const { reference, notes } = graph;
  const slopes = numbers(reference.get(`${name}/directional_derivative`)!);
  const staircase = notes.ops.MatMulInteger !== undefined;
  const misses: number[] = [];
  for (let k = 0; k * 2 < slopes.length; k++) {
    let [slope, size, gradientSquare, directionSquare] = [0, 0, 0, 0];
    for (const [key, tensor] of reference) {
      const [, kind, label] = /^[^/]+\/direction\/\d+\/(grad|value)\/(.*)$/.exec(key) ?? [];
      if (!label || !key.startsWith(`${name}/direction/${k}/`)) continue;
      const gradient = numbers(got[gradientName(kind === "grad" ? label : notes.values[label])]);
      slope += dot(gradient, numbers(tensor));
      size += gradient.length;
      gradientSquare += norm(gradient) ** 2;
      directionSquare += norm(numbers(tensor)) ** 2;
    }
    const [numeric, analytic] = slopes.slice(2 * k, 2 * k + 2);
    const typical = Math.sqrt((gradientSquare * directionSquare) / size);
    const scale = Math.max(Math.abs(analytic), typical);
    expectNear([slope], [analytic], "familyGradient", `direction ${k}`, scale);
    misses.push(relativeError([slope], [numeric], scale));
  }
  expect(misses.length).to.equal(10);
  expect(largest(misses), "numeric slopes").to.be.at.most(staircase ? BOUNDS.staircase : BOUNDS.numericQuantised);
}

describeWithShared("twelve architectures in every export form against PyTorch", [family.ROOT], () => {
  it("all 32 graphs are covered", () => expect(family.familyGraphs()).to.have.length(32));

  for (const [architecture, file, notes] of family.familyGraphs())
    describe(`${architecture} ${file}`, () => {
      let graph: FamilyGraph;
      before(() => (graph = family.openFamilyGraph(architecture, file, notes)));

      for (const name of notes.cases) {
        it(`${name}: outputs`, () => checkForward(graph, name));

        const weights = notes.gradient_cases.includes(name) ? "every weight and " : "";
        it(`${name}: gradients for ${weights}every labelled value`, async () => {
          const wanted = family.wantedGradients(graph, name);
          expect(wanted.size).to.be.above(weights ? 5 : 0);
          const got = await gradientsOf(graph, name, [...wanted.keys()]);
          checkGradients(graph, name, wanted, got);
          if (graph.reference.has(`${name}/directional_derivative`)) checkDirections(graph, name, got);
        });
      }
    });
});
