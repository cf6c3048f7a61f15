import { Tensor as OrtTensor } from "onnxruntime-node";
import { fromOrt } from "../runtime/ort-tensor.ts";
import type { Tensor } from "../tensor.ts";
import type { GraphSession } from "./graph-session.ts";

/** Outputs beside the model's own, such as hidden states (see tap). */
export interface Taps {
  outputs: readonly string[];
  /** Called after every run: once for the prompt, then once a token. */
  each(values: Record<string, Tensor>): void;
}

/** What is fed beside the model's own inputs in a run over so many tokens; runs of a generation count from 0. */
export type SideOfRun = (tokens: number, run: number) => Record<string, Tensor>;

/**
 * A medke session in the form that transformers.js models hold.
 *
 * transformers.js checks `instanceof` against onnxruntime-node's Tensor, so results must be built from that very module. `side`
 * adds inputs and `taps` takes outputs that transformers.js knows nothing of.
 */
export function transformersSession(session: GraphSession, side: SideOfRun = () => ({}), taps?: Taps) {
  const added = side(1, 0);
  let runs = 0;
  const inputs = session.inputs.filter((value) => !(value.name in added));
  const outputs = session.outputs.filter((value) => !taps?.outputs.includes(value.name));
  return {
    inputNames: inputs.map((value) => value.name),
    outputNames: outputs.map((value) => value.name),
    // Without inputMetadata transformers.js fails when it looks up the cache's element type.
    inputMetadata: inputs.map((value) => ({ ...value, isTensor: true })),
    outputMetadata: outputs.map((value) => ({ ...value, isTensor: true })),
    config: { dtype: "fp32", device: "cpu" },
    async run(feeds: Record<string, OrtTensor>) {
      const own: Record<string, Tensor> = { ...side(feeds.inputs_embeds?.dims[1] ?? 1, runs++) };
      for (const [name, tensor] of Object.entries(feeds)) own[name] = fromOrt(tensor);
      const results = await session.run(own);
      const tapped = Object.entries(results).filter(([name]) => taps?.outputs.includes(name));
      taps?.each(Object.fromEntries(tapped));
      return Object.fromEntries(
        outputs.map(({ name }) => {
          const { type, data, dims } = results[name];
          return [name, new OrtTensor(type as "float32", data as Float32Array, dims)];
        }),
      );
    },
    release: () => session.release(),
  };
}
