import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gpt } from "../../../kernels/onnx/build/index.ts";
import { externalise } from "../../../kernels/onnx/externalise.ts";
import { sessionSource } from "../../../kernels/onnx/session-source.ts";
import { byteLevelTokenizer } from "../../kernels/models/byte-level-tokenizer.ts";
import { MODELS, type ModelName } from "../gpt-graphs.ts";

/** Longer than that of the step benchmark, for texts in front of the question; it adds 0.1 million parameters. */
export const POSITIONS = 256;

/**
 * Writes a GPT of random weights as a model folder of text alone (`config.json`, tokenizer, `onnx/model.onnx` with its weights in a data
 * file). Its tokens are bytes and words of one to four letters, so that every id can be read and written.
 */
export function writeGptFolder(folder: string, name: ModelName): void {
  const config = { ...MODELS[name], positions: POSITIONS };
  const onnx = join(folder, "onnx");
  mkdirSync(onnx, { recursive: true });
  const model = externalise(gpt(config, { seed: 1 }).model, onnx, "model.onnx_data");
  writeFileSync(join(onnx, "model.onnx"), sessionSource(model).bytes);
  const special = ["<|end|>"];
  const most = config.vocabulary - byteLevelTokenizer(special, []).size;
  const { json, size } = byteLevelTokenizer(special, wordMerges(most));
  if (size !== config.vocabulary) throw new Error(`${size} words for ${config.vocabulary} ids`);
  const json_ = (file: string, value: unknown) => writeFileSync(join(folder, file), JSON.stringify(value));
  json_("config.json", {
    model_type: "gpt2",
    vocab_size: config.vocabulary,
    hidden_size: config.width,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    max_position_embeddings: POSITIONS,
    eos_token_id: 0,
  });
  json_("tokenizer.json", json);
  json_("tokenizer_config.json", { tokenizer_class: "GPT2Tokenizer", eos_token: special[0] });
}

/** Merges that make " a", then " ab", and so on, in this order. */
function wordMerges(most: number): string[] {
  const letters = Array.from("abcdefghijklmnopqrstuvwxyz");
  const merges: string[] = [];
  for (let stems = ["\u0120"]; merges.length < most;) {
    const longer = stems.flatMap((stem) => letters.map((letter) => [stem, letter]));
    merges.push(...longer.slice(0, most - merges.length).map((pair) => pair.join(" ")));
    stems = longer.map((pair) => pair.join(""));
  }
  return merges;
}
