import type { Values } from "../../models/edit-objective.ts";
import { float32, type Tensor } from "../../tensor.ts";
import { patcherLoss, type PatcherWeights } from "./patcher-loss.ts";

/**
 * T-Patcher's terms as a function of the neurons: pre-activations a = h K + b of each neuron on the inputs of its own case, and of all on the
 * inputs of other texts.
 *
 * Shapes: own [cases], others [texts], each [tokens, width]; owners: the case that each neuron belongs to. Gradients of keys and bias by name.
 */
export function patcherTerm(
  values: Values,
  names: { keys: string; bias: string },
  own: readonly Tensor<Float32Array>[],
  owners: readonly number[],
  others: readonly Tensor<Float32Array>[],
  weights: PatcherWeights,
): { loss: number; gradients: Values } {
  const [keys, bias] = [values[names.keys], values[names.bias]];
  const [width, n] = keys.dims;
  // Pairs of an input row and a neuron, in one order for activations and their gradients.
  const pairs = (texts: readonly Tensor<Float32Array>[], takes: (text: number, neuron: number) => boolean) =>
    texts.flatMap(({ data, dims }, text) =>
      Array.from({ length: dims[0] * n }, (_, i) => [Math.floor(i / n), i % n] as const)
        .filter(([, neuron]) => takes(text, neuron))
        .map(([row, neuron]) => ({ h: data.subarray(row * width, (row + 1) * width), neuron })),
    );
  const [opened, shut] = [pairs(own, (text, neuron) => owners[neuron] === text), pairs(others, () => true)];
  const activations = (of: typeof opened) =>
    Float32Array.from(of, ({ h, neuron }) =>
      h.reduce((sum, value, i) => sum + value * keys.data[i * n + neuron], bias.data[neuron]),
    );
  const { loss, editGradients, localityGradients } = patcherLoss([activations(opened)], [activations(shut)], weights);
  const [ofKeys, ofBias] = [new Float32Array(keys.data.length), new Float32Array(n)];
  for (const [of, [gradient]] of [
    [opened, editGradients],
    [shut, localityGradients],
  ] as const)
    // prettier-ignore
    of.forEach(({ h, neuron }, k) => {
      if (gradient[k] === 0) return;
      ofBias[neuron] += gradient[k];
      h.forEach((value, i) => (ofKeys[i * n + neuron] += gradient[k] * value));
    });
  return { loss, gradients: { [names.keys]: float32(ofKeys, [width, n]), [names.bias]: float32(ofBias, [n]) } };
}
