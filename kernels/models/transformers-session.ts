import { Tensor as OrtTensor } from "onnxruntime-node";
import type { Tensor, TensorData } from "../tensor.ts";
import type { GraphSession } from "./graph-session.ts";

/**
 * A medke session in the form that transformers.js models hold.
 *
 * transformers.js checks `instanceof` against onnxruntime-node's Tensor, so results must be built from that very module. `side`
 * adds inputs that transformers.js knows nothing of; outputs that it did not ask for are left out.
 */
export function transformersSession(session: GraphSession, side: Record<string, Tensor> = {}) {
  const visible = <T extends { name: string }>(values: readonly T[]) => values.filter((value) => !(value.name in side));
  const inputs = visible(session.inputs);
  return {
    inputNames: inputs.map((value) => value.name),
    outputNames: session.outputs.map((value) => value.name),
    // Without inputMetadata transformers.js fails when it looks up the cache's element type.
    inputMetadata: inputs.map((value) => ({ ...value, isTensor: true })),
    outputMetadata: session.outputs.map((value) => ({ ...value, isTensor: true })),
    config: { dtype: "fp32", device: "cpu" },
    async run(feeds: Record<string, OrtTensor>) {
      const own: Record<string, Tensor> = { ...side };
      for (const [name, tensor] of Object.entries(feeds))
        own[name] = { type: tensor.type as Tensor["type"], dims: tensor.dims, data: tensor.data as TensorData };
      const results = await session.run(own);
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, data, dims }]) => [
          name,
          new OrtTensor(type as "float32", data as Float32Array, dims),
        ]),
      );
    },
    release: () => session.release(),
  };
}
