import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AutoTokenizer, type PreTrainedTokenizer } from "@huggingface/transformers";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Session } from "../../runtime/session.ts";
import { int64, type Tensor } from "../../tensor.ts";
import { fromHub } from "../hub-tensor.ts";
import { ModelFolderError } from "../model-folder.ts";
import { openGraph } from "../open-graph.ts";
import { EmptyTextError } from "../phantom/retrieval/load-encoder.ts";
import { encoderDigest } from "./encoder-digest.ts";
import { type Pooling, sentenceVector, VECTOR_OUTPUTS } from "./sentence-vector.ts";

/** One text as a unit vector, [width]. */
export type EncodeText = (text: string, signal?: AbortSignal) => Promise<Float32Array>;

/** Where exports put the graph that reads text; the first that is there counts. */
const GRAPHS = ["onnx/model.onnx", "model.onnx", "onnx/text_model.onnx"];

/** What a text encoder may ask for, from the ids. Sentences are one segment. */
const INPUTS: Record<string, (ids: Tensor) => Tensor> = {
  input_ids: (ids) => ids,
  attention_mask: ({ dims }) => int64(new BigInt64Array(dims[1]).fill(1n), dims),
  token_type_ids: ({ dims }) => int64(new BigInt64Array(dims[1]), dims),
  position_ids: ({ dims }) =>
    int64(
      BigInt64Array.from({ length: dims[1] }, (_, i) => BigInt(i)),
      dims,
    ),
};

/**
 * Opens a folder in the transformers.js layout of a feature-extraction model, or of CLIP's text tower: `tokenizer.json`,
 * `tokenizer_config.json` and a graph. Longer texts are cut where the tokenizer says. Token values become one vector as
 * `1_Pooling/config.json` says, where there is one, otherwise by their mean, which is how such models are used by default.
 *
 * Throws: ModelFolderError, OnnxFormatError, ModelFileError, each naming the file.
 */
export async function openEncoderFolder(
  folder: string,
  runtime: Runtime,
): Promise<{ encode: EncodeText; digest(): Promise<string>; release(): Promise<void> }> {
  const file = GRAPHS.find((name) => existsSync(join(folder, name)));
  if (!file) throw missing(folder, `"${GRAPHS[0]}"`);
  const tokenizer = await openTokenizer(folder);
  const limit = tokenLimit(folder, tokenizer);
  const pooling = poolingOf(folder);
  const { session } = await openGraph(runtime, join(folder, file), file);
  try {
    checkGraph(folder, file, session);
  } catch (error) {
    await session.release();
    throw error;
  }
  let digest: Promise<string> | undefined;
  return {
    digest: () => (digest ??= encoderDigest(folder, file)),
    async encode(text, signal) {
      const ids = fromHub(tokenizer(text, { truncation: true, max_length: limit }).input_ids);
      if (ids.dims[1] === 0)
        throw new EmptyTextError(`sentence encoder: the text "${text}" has no tokens. Pass a question or a sentence.`);
      const feeds = Object.fromEntries(session.inputs.map(({ name }) => [name, INPUTS[name](ids)]));
      return sentenceVector(await session.run(feeds, { signal }), pooling);
    },
    release: () => session.release(),
  };
}

async function openTokenizer(folder: string): Promise<PreTrainedTokenizer> {
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    if (!existsSync(join(folder, name))) throw missing(folder, `"${name}"`);
  try {
    return await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  } catch (cause) {
    throw new ModelFolderError(
      folder,
      `transformers.js cannot open its tokenizer (${(cause as Error).message})`,
      "Download tokenizer.json and tokenizer_config.json again.",
      { cause },
    );
  }
}

/** Most tokens of a text: the smaller of what the tokenizer and the model state. */
function tokenLimit(folder: string, { model_max_length }: PreTrainedTokenizer): number | null {
  const { max_position_embeddings } = readJson(folder, "config.json");
  const stated = [model_max_length as unknown, max_position_embeddings].filter((limit) => typeof limit === "number");
  const limit = Math.min(...(stated as number[]));
  // Tokenizers without a limit state an astronomic one.
  return limit < 1e6 ? limit : null;
}

function poolingOf(folder: string): Pooling {
  return readJson(folder, "1_Pooling/config.json").pooling_mode_cls_token === true ? "first" : "mean";
}

/** Empty where there is no such file. */
function readJson(folder: string, name: string): Record<string, unknown> {
  if (!existsSync(join(folder, name))) return {};
  try {
    return JSON.parse(readFileSync(join(folder, name), "utf8"));
  } catch (cause) {
    const fault = `"${name}" is not valid JSON (${(cause as Error).message})`;
    throw new ModelFolderError(folder, fault, "Download the file again.", { cause });
  }
}

function checkGraph(folder: string, file: string, { inputs, outputs }: Session): void {
  const strange = inputs.find(({ name }) => !(name in INPUTS));
  const fault = strange
    ? `"${file}" asks for an input "${strange.name}", which no text encoder has`
    : !outputs.some(({ name }) => VECTOR_OUTPUTS.includes(name)) &&
      `"${file}" gives ${outputs.map(({ name }) => `"${name}"`).join(", ")} and none of ${VECTOR_OUTPUTS.join(", ")}`;
  if (fault) throw new ModelFolderError(folder, fault, "Take a model that was exported for feature extraction.");
}

const missing = (folder: string, what: string) =>
  new ModelFolderError(
    folder,
    `${what} is missing, so it is no sentence encoder`,
    "Export the model for feature extraction in the transformers.js layout (tokenizer.json, tokenizer_config.json, onnx/model.onnx).",
  );
