import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { dataFiles } from "../onnx/session-source.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import type { ModelFolder } from "./model-folder.ts";

/** Digest of the files that decide a model's answers: weights, tokenizer and image preparation. 16 hexadecimal digits. */
export async function modelDigest(folder: ModelFolder): Promise<string> {
  const hash = createHash("sha256").update(
    JSON.stringify([folder.config, folder.generation, folder.tokenizer, folder.tokenizerConfig, prepared(folder)]),
  );
  for (const file of Object.values(folder.onnx))
    for (const part of [file, ...dataFiles(await readModelFile(file))])
      await pipeline(createReadStream(part), hash, { end: false });
  return hash.digest("hex").slice(0, 16);
}

/** What is hashed of a folder's image preparation; of a plain one the bare contents, so that its digest stays as it was. */
const prepared = ({ inputs }: ModelFolder) => (inputs.form === "question" ? inputs.preprocess : inputs);
