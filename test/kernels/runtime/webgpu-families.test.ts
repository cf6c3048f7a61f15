import { expect } from "chai";
import { gradientGraph, inferTrace, readModelFile, writeModel } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import type { Tensor } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { familyFeeds } from "../onnx/family-feeds.ts";
import { checkGradients } from "../onnx/gradients/check-gradients.ts";
import * as family from "../onnx/gradients/family.ts";
import type { FamilyGraph } from "../onnx/gradients/family.ts";
import { expectNear } from "../onnx/near.ts";
import { onSoftwareWebgpu, useSoftwareWebgpu } from "../software-webgpu.ts";

/** The gradients of every labelled value and weight that a case of the graph has a reference for, with the outputs kept. */
function backwardOf(graph: FamilyGraph): OnnxModel {
  const { model, notes } = graph;
  const targets = new Set(notes.cases.flatMap((name) => [...family.wantedGradients(graph, name).keys()]));
  expect(targets.size).to.be.above(2);
  const outputs = Object.keys(notes.outputs);
  const weighed = outputs.filter((output) => graph.inputs.has(`${notes.cases[0]}/cotangent.${output}`));
  const entropy = notes.loss === "cross_entropy";
  return gradientGraph(model, {
    ...(entropy ? { loss: "loss" } : { outputs: weighed }),
    keep: entropy ? [...outputs, "loss"] : outputs,
    targets: [...targets],
    trace: inferTrace(model, family.caseFeeds(graph, family.tracedCase(graph, ""))),
  });
}

function checkOutputs(graph: FamilyGraph, name: string, results: Record<string, Tensor>): void {
  const wanted = Object.keys(graph.notes.outputs).filter((output) => graph.reference.has(`${name}/output/${output}`));
  expect(wanted.length).to.be.above(0);
  for (const output of wanted) {
    const expected = graph.reference.get(`${name}/output/${output}`)!;
    expect(results[output].dims, output).to.deep.equal(expected.dims);
    const [a, b] = [results[output], expected].map((one) => family.withoutPadding(graph, name, output, one));
    expectNear(a.data, b.data, "webgpu", `${name}: ${output}`);
  }
}

/** Encoders: the loss is the sum of outputs times cotangents. Its terms may cancel, so it is measured by their absolute sum. */
function checkCotangentLoss({ inputs, notes, reference }: FamilyGraph, name: string, results: Record<string, Tensor>) {
  const terms = Object.keys(notes.outputs).flatMap((output) => {
    const cotangent = inputs.get(`${name}/cotangent.${output}`)?.data as Float32Array | undefined;
    return cotangent ? Array.from(results[output].data as Float32Array, (value, i) => value * cotangent[i]) : [];
  });
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  expectNear([sum(terms)], reference.get(`${name}/loss`)!.data, "webgpu", `${name}: loss`, sum(terms.map(Math.abs)));
}

// One runtime for all: shaders compile once, and a shader that one graph left behind is met by the next.
describeWithShared(onSoftwareWebgpu("twelve architectures in every export form on WebGPU"), [family.ROOT], () => {
  useSoftwareWebgpu();
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("webgpu");
  });
  after(() => runtime?.dispose());

  it("all 32 graphs of 12 architectures are covered", () => {
    const graphs = family.familyGraphs();
    expect(graphs).to.have.length(32);
    expect(new Set(graphs.map(([architecture]) => architecture))).to.have.property("size", 12);
  });

  for (const [architecture, file, notes] of family.familyGraphs())
    describe(`${architecture} ${file}`, () => {
      const graph = () => family.openFamilyGraph(architecture, file, notes);

      it("gives the reference outputs in every case, as the file stands", async () => {
        const path = shared(family.ROOT, architecture, file);
        const [read, model] = [graph(), await readModelFile(path)];
        await using session = await runtime.open(path, file);
        for (const name of notes.cases)
          checkOutputs(read, name, await session.run(familyFeeds(read.inputs, name, model)));
      });

      it("gives the reference loss, outputs and gradients in every case, lowered and differentiated", async () => {
        const read = graph();
        await using session = await runtime.open(writeModel(backwardOf(read)), file);
        for (const name of notes.cases) {
          const results = await session.run({ ...family.caseFeeds(read, name), ...family.cotangentFeeds(read, name) });
          checkOutputs(read, name, results);
          if (notes.loss === "cotangent") checkCotangentLoss(read, name, results);
          const wanted = family.wantedGradients(read, name);
          checkGradients(read, name, wanted, results, { loss: "webgpu", gradient: "webgpu" });
        }
      });
    });
});
