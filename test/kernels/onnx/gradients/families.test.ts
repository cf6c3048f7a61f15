import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  cotangentName,
  crossEntropy,
  gradientGraph,
  gradientName,
  readModel,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { FAMILIES, familyFeeds, PLAIN_GRAPHS } from "../family-feeds.ts";
import { expectNear, largest } from "../near.ts";
import { readSafetensors } from "../read-safetensors.ts";
import { runGraph } from "../run-graph.ts";

interface GraphNotes {
  reference: string;
  cases: string[];
  gradient_cases: string[];
  loss: "cross_entropy" | "cotangent";
  /** Label of a value to its name in the graph. */
  values: Record<string, string>;
  outputs: Record<string, unknown>;
}

describeWithShared("gradients of twelve architectures against PyTorch", [FAMILIES], () => {
  for (const [family, file] of PLAIN_GRAPHS) {
    const notes = (
      JSON.parse(readFileSync(shared(FAMILIES, family, "meta.json"), "utf8")) as { files: Record<string, GraphNotes> }
    ).files[file];
    for (const name of notes.gradient_cases)
      it(`${family} ${file}, ${name}: every weight and hidden state, pixels included`, async () => {
        const inputs = readSafetensors(shared(FAMILIES, family, "inputs.safetensors"));
        const reference = readSafetensors(shared(FAMILIES, family, notes.reference));
        const read = readModel(readFileSync(shared(FAMILIES, family, file)), file);
        const model = notes.loss === "cross_entropy" ? crossEntropy(read) : read;
        const wanted = new Map<string, Tensor>();
        for (const [key, tensor] of reference) {
          const [, kind, label] = /^[^/]+\/(grad|grad_value)\/(.*)$/.exec(key) ?? [];
          const target = label && kind === "grad_value" ? notes.values[label] : label;
          if (key.startsWith(`${name}/`) && target) wanted.set(target, tensor);
        }
        expect(wanted.size).to.be.above(10);
        const other =
          notes.cases.find((candidate) => candidate !== name && !["prefill", "step", "single"].includes(candidate)) ??
          name;
        const traced = await trace(model, familyFeeds(inputs, other, model), runGraph);
        const outputs = Object.keys(notes.outputs).filter((output) => inputs.has(`${name}/cotangent.${output}`));
        const backward = gradientGraph(model, {
          ...(notes.loss === "cross_entropy" ? { loss: "loss" } : { outputs }),
          targets: [...wanted.keys()],
          trace: traced,
        });
        const feeds = familyFeeds(inputs, name, model);
        for (const output of notes.loss === "cotangent" ? outputs : [])
          feeds[cotangentName(output)] = inputs.get(`${name}/cotangent.${output}`)!;
        const results = await runGraph(backward, feeds);
        if (results.loss) expectNear(results.loss.data, reference.get(`${name}/loss`)!.data, "pytorch", "loss");
        const largestOf = (tensor: Tensor) => largest(Array.from(tensor.data as Float32Array));
        const loudest = largest([...wanted.values()].map(largestOf));
        for (const [target, tensor] of wanted) {
          const got = results[gradientName(target)];
          expect(got.dims, target).to.deep.equal(tensor.dims);
          // A bias of all keys cancels in the softmax: its gradient is zero, and both sides show rounding alone.
          const zero = largestOf(tensor) < 1e-9;
          expectNear(got.data, tensor.data, "pytorch", target, zero ? loudest : undefined);
        }
      });
  }
});
