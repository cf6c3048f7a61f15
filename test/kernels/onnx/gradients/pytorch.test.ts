import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  gradientGraph,
  gradientName,
  lift,
  readModel,
  tensorOf,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";

const FIXTURES = "prototypes/onnx-autodiff/fixtures";

interface Manifest {
  B: number;
  T: number;
  ids: number[];
  tgt: number[];
  params: { name: string; shape: number[]; off: number }[];
}
type Parameter = Manifest["params"][number];

const file = (name: string) => readFileSync(shared(FIXTURES, name));
const floats = (name: string) => new Float32Array(Uint8Array.from(file(name)).buffer);

describeWithShared("gradients of a GPT against PyTorch", [FIXTURES], () => {
  for (const opset of [14, 17])
    it(`all 28 parameters agree, operator set ${opset}`, async () => {
      const manifest = JSON.parse(file("tiny-gpt.json").toString()) as Manifest;
      const [weights, wanted] = [floats("tiny-gpt.weights.bin"), floats("tiny-gpt.grads.bin")];
      const { B, T } = manifest;
      const model = crossEntropy(readModel(file(`tiny-gpt.op${opset}.onnx`), `tiny-gpt.op${opset}.onnx`));
      const matches = matchParameters(model, manifest, weights);
      const targets = [...matches.keys()];
      const lifted = lift(model, targets);
      const feeds: Record<string, Tensor> = {
        input_ids: int64(manifest.ids, [B, T]),
        labels: int64(manifest.tgt, [B, T]),
        loss_weights: float32(new Float32Array(B * T).fill(1 / (B * T)), [B, T]),
      };
      for (const weight of model.graph.initializer) if (matches.has(weight.name)) feeds[weight.name] = tensorOf(weight);
      const backward = gradientGraph(lifted, { loss: "loss", targets, trace: await trace(lifted, feeds, runGraph) });
      const results = await runGraph(backward, feeds);

      // One parameter can reach the graph as several initialisers (a tied head is a transposed copy): their gradients add up.
      const sums = new Map<string, Float64Array>();
      for (const [target, { parameter, transposed }] of matches) {
        const gradient = results[gradientName(target)].data as Float32Array;
        const sum = sums.get(parameter.name) ?? new Float64Array(gradient.length);
        const [rows, columns] = parameter.shape;
        gradient.forEach(
          (_, k) => (sum[k] += gradient[transposed ? (k % columns) * rows + Math.floor(k / columns) : k]),
        );
        sums.set(parameter.name, sum);
      }
      expect(sums.size).to.equal(28);
      for (const { name, off } of manifest.params)
        expectNear(sums.get(name)!, wanted.slice(off, off + sums.get(name)!.length), "pytorch", name);
    });
});

/** Which parameter each initialiser holds, by name or by content: exporters rename and transpose. */
function matchParameters(model: OnnxModel, { params }: Manifest, weights: Float32Array) {
  const matches = new Map<string, { parameter: Parameter; transposed: boolean }>();
  for (const tensor of model.graph.initializer) {
    const { type, dims, data } = tensorOf(tensor);
    if (type !== "float32" || dims.length === 0) continue;
    for (const parameter of params) {
      if (parameter.shape.reduce((a, b) => a * b, 1) !== data.length) continue;
      const own = weights.subarray(parameter.off, parameter.off + data.length);
      const [rows, columns] = dims;
      const same = String(dims) === String(parameter.shape) && own.every((value, k) => value === data[k]);
      const turned =
        dims.length === 2 &&
        String([columns, rows]) === String(parameter.shape) &&
        own.every((value, k) => value === data[(k % rows) * columns + Math.floor(k / rows)]);
      // Small vectors such as zero biases look alike; only their names tell them apart.
      if (tensor.name !== parameter.name && (data.length <= 64 || !(same || turned))) continue;
      matches.set(tensor.name, { parameter, transposed: tensor.name !== parameter.name && !same });
      break;
    }
  }
  return matches;
}
