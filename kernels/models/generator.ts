import {
  env,
  GenerationConfig,
  type LogitsProcessor,
  LogitsProcessorList,
  LogLevel,
  StoppingCriteria,
  type Tensor as HubTensor,
} from "@huggingface/transformers";
import { untilAborted } from "../runtime/until-aborted.ts";
import type { Tensor } from "../tensor.ts";
import { endTokens } from "./end-tokens.ts";
import type { GraphSession } from "./graph-session.ts";
import type { HubNetwork } from "./hub-network.ts";
import { idsToHub, toHub } from "./hub-tensor.ts";
import type { ModelFolder } from "./model-folder.ts";
import { type SideOfRun, transformersSession } from "./transformers-session.ts";

// What fails inside transformers.js reaches us as a rejection. It would print the failure too, with every id of the prompt: also of a
// generation that nobody waits for any more, whose session closes under it after Ctrl-C.
env.logLevel = LogLevel.NONE;

/**
 * Greedy continuation of a prompt, natural stop. Features: [1, image tokens, hidden], or undefined for text alone. `choose` may change
 * what greedy takes, as sampling does.
 */
export type Generator = (
  prompt: number[],
  features: Tensor<Float32Array> | undefined,
  maxNewTokens: number,
  signal?: AbortSignal,
  choose?: LogitsProcessor,
) => Promise<number[]>;

/**
 * Wires our sessions into transformers.js's own `generate()`, so that caches, positions and stopping rules are its, not ours.
 *
 * One seam differs: image features arrive already encoded (an image is encoded once and asked about often), so `pixel_values` carries
 * features here.
 */
export function generator(
  folder: ModelFolder,
  network: HubNetwork,
  sessions: { embed: GraphSession; decoder: GraphSession },
  side: SideOfRun,
): Generator {
  const wired = {
    embed_tokens: transformersSession(sessions.embed),
    decoder_model_merged: transformersSession(sessions.decoder, side),
  };
  const model = new network.modelClass(network.config, wired, {
    generation_config: new GenerationConfig({ ...folder.generation, eos_token_id: endTokens(folder) } as never),
  });
  Object.assign(model, {
    encode_image: async ({ pixel_values }: { pixel_values: HubTensor }) => pixel_values,
    _merge_input_ids_with_image_features: network.merge,
  });
  return async (prompt, features, maxNewTokens, signal, choose) => {
    const processors = new LogitsProcessorList();
    if (choose) processors.push(choose);
    const generated = model.generate({
      ...idsToHub(prompt),
      ...(features && { pixel_values: toHub(features) }),
      max_new_tokens: maxNewTokens,
      do_sample: false,
      logits_processor: processors,
      stopping_criteria: new WhenRaised(signal),
    } as never) as Promise<HubTensor>;
    const output = await untilAborted(generated, signal, "generating an answer");
    return Array.from(output.data as BigInt64Array, Number).slice(prompt.length);
  };
}

/** Ends a generation that nobody waits for any more at its next token. */
class WhenRaised extends StoppingCriteria {
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    super();
    this.#signal = signal;
  }

  override _call(ids: number[][]): boolean[] {
    return ids.map(() => this.#signal?.aborted ?? false);
  }
}
