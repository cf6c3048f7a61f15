import {
  AutoModelForCausalLM,
  env,
  LogitsProcessor,
  LogitsProcessorList,
  type PreTrainedModel,
  Tensor as HubTensor,
} from "@huggingface/transformers";
import { dirname, basename } from "node:path";
import type { transformersSession } from "../../../kernels/models/transformers-session.ts";
import { sessionOptions } from "../../../kernels/runtime/session-options.ts";

export const NEW_TOKENS = 10;

/** What greedy generation gave: the new tokens of every prompt, and the logits of every step. */
export interface Generated {
  tokens: number[][];
  logits: Float32Array[];
}

/** Loads a local folder as transformers.js does, with its own sessions under the engine settings of ours. */
export async function loadCausal(folder: string): Promise<PreTrainedModel> {
  const before = { remote: env.allowRemoteModels, path: env.localModelPath };
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(folder)}/`;
  try {
    return await AutoModelForCausalLM.from_pretrained(basename(folder), {
      dtype: "fp32",
      device: "cpu",
      session_options: sessionOptions({ device: "cpu", optimise: true }),
    });
  } finally {
    env.allowRemoteModels = before.remote;
    env.localModelPath = before.path;
  }
}

/** Keeps what the model said at each step, before anything is chosen. */
class Recorder extends LogitsProcessor {
  readonly logits: Float32Array[] = [];

  override _call(_: bigint[][], logits: HubTensor): HubTensor {
    this.logits.push(Float32Array.from(logits.data as Float32Array));
    return logits;
  }
}

/** Greedy generation from every prompt by transformers.js's own `generate()`, in its own session or in another. */
export async function generate(
  model: PreTrainedModel,
  prompts: readonly number[][],
  session?: ReturnType<typeof transformersSession>,
): Promise<Generated> {
  const own = model.sessions.model;
  if (session) model.sessions.model = session;
  const recorder = new Recorder();
  const processors = new LogitsProcessorList();
  processors.push(recorder);
  try {
    const tokens = [];
    for (const prompt of prompts) {
      const output = (await model.generate({
        input_ids: new HubTensor("int64", BigInt64Array.from(prompt, BigInt), [1, prompt.length]),
        attention_mask: new HubTensor("int64", new BigInt64Array(prompt.length).fill(1n), [1, prompt.length]),
        max_new_tokens: NEW_TOKENS,
        do_sample: false,
        logits_processor: processors,
      } as never)) as HubTensor;
      tokens.push(Array.from(output.data as BigInt64Array, Number).slice(prompt.length));
    }
    return { tokens, logits: recorder.logits };
  } finally {
    model.sessions.model = own;
  }
}
