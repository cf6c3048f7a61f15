import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  cotangentName,
  crossEntropy,
  feedInputs,
  gradientGraph,
  gradientName,
  lower,
  readModel,
  trace,
} from "../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../kernels/onnx/index.ts";
import type { Tensor } from "../../kernels/tensor.ts";
import { familyFeeds } from "../kernels/onnx/family-feeds.ts";
import { openGraph, runGraph } from "../kernels/onnx/run-graph.ts";
import { FAMILIES_DIR, familyReference, graphsOf, wantedGradients } from "./family-reference.ts";
import type { FamilyReference } from "./family-reference.ts";
import { foldersOf } from "./golden-folders.ts";

// Tolerances of the files' own README: outputs absolute; gradients relative to the larger of the tensor's largest element and one
// thousandth of the largest gradient of the case.
const OUTPUT = 2e-5;
const GRADIENT = 2e-4;
const QUIET = 1e-3;

const numbers = (tensor: Tensor) => Array.from(tensor.data as Float32Array, Number);
const largest = (values: readonly number[]) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** Largest difference; NaN counts as infinite. */
function difference(got: Tensor, wanted: Tensor, skip: (value: number) => boolean = () => false): number {
  expect(got.dims).to.deep.equal(wanted.dims);
  const [a, b] = [numbers(got), numbers(wanted)];
  return a.reduce((max, value, i) => {
    if (skip(b[i])) return max;
    const error = Math.abs(value - b[i]);
    return Number.isNaN(error) ? Infinity : Math.max(max, error);
  }, 0);
}

async function checkOutputs(model: OnnxModel, golden: FamilyReference): Promise<void> {
  const graph = await openGraph(model);
  // The fused attention leaves right-padded places unspecified; the reference holds zeros there.
  const unspecified = (value: number) => "com.microsoft:GroupQueryAttention" in golden.notes.ops && value === 0;
  try {
    for (const name of golden.notes.cases) {
      const results = await graph.run(familyFeeds(golden.inputs, name, model));
      for (const output of Object.keys(golden.notes.outputs)) {
        const wanted = golden.reference.get(`${name}/output/${output}`);
        if (!wanted) continue;
        expect(difference(results[output], wanted, unspecified), `${name}: ${output}`).to.be.below(OUTPUT);
      }
    }
  } finally {
    await graph.release();
  }
}

/** One gradient graph, made from the shapes of one case, for all cases: a shape that was built in is found out. */
async function checkGradients(read: OnnxModel, golden: FamilyReference): Promise<void> {
  const { notes, inputs, reference } = golden;
  const entropy = notes.loss === "cross_entropy";
  const model = lower(entropy ? crossEntropy(read) : read);
  const traced = notes.cases.find((name) => !/prefill|step|single/.test(name)) ?? notes.cases[0];
  const outputs = Object.keys(notes.outputs).filter((output) => inputs.has(`${traced}/cotangent.${output}`));
  const targets = new Set(notes.cases.flatMap((name) => [...wantedGradients(golden, name).keys()]));
  expect(targets.size).to.be.above(2);
  const backward = gradientGraph(model, {
    ...(entropy ? { loss: "loss" } : { outputs }),
    targets: [...targets],
    trace: await trace(model, familyFeeds(inputs, traced, model), runGraph),
  });
  const graph = await openGraph(backward);
  try {
    for (const name of notes.cases) {
      const feeds = familyFeeds(inputs, name, model);
      if (!entropy)
        for (const output of outputs) feeds[cotangentName(output)] = inputs.get(`${name}/cotangent.${output}`)!;
      for (const input of feedInputs(backward))
        expect(feeds, `${name}: input ${input.name}`).to.have.property(input.name);
      const results = await graph.run(feeds);
      const loss = reference.get(`${name}/loss`);
      if (entropy && loss)
        expect(difference({ ...results.loss, dims: loss.dims }, loss), `${name}: loss`).to.be.below(OUTPUT);
      const wanted = wantedGradients(golden, name);
      const loudest = largest([...wanted.values()].map((tensor) => largest(numbers(tensor))));
      for (const [target, tensor] of wanted) {
        const scale = Math.max(largest(numbers(tensor)), QUIET * loudest);
        const error = difference(results[gradientName(target)], tensor) / scale;
        expect(error, `${name}: gradient for ${target}, relative error`).to.be.below(GRADIENT);
      }
    }
  } finally {
    await graph.release();
  }
}

for (const family of foldersOf(FAMILIES_DIR))
  describe(`tiny-families/${family}`, () => {
    for (const file of graphsOf(family)) {
      const read = () => readModel(readFileSync(join(FAMILIES_DIR, family, file)), file);
      it(`${file}: outputs in every case`, () => checkOutputs(read(), familyReference(family, file)));
      it(`${file}: loss and gradients in every case`, () => checkGradients(read(), familyReference(family, file)));
    }
  });
