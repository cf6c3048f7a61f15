import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { dataFiles } from "../onnx/session-source.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import type { ModelFolder } from "./model-folder.ts";

/** Digest of the files that decide a model's answers: weights, tokenizer and image preparation. 16 hexadecimal digits. */
export async function modelDigest(folder: ModelFolder): Promise<string> {
  const hash = createHash("sha256").update(
    JSON.stringify([folder.config, folder.generation, folder.tokenizer, folder.tokenizerConfig, folder.preprocess]),
  );
  for (const file of Object.values(folder.onnx))
    for (const part of [file, ...dataFiles(await readModelFile(file))])
      await pipeline(createReadStream(part), hash, { end: false });
  return hash.digest("hex").slice(0, 16);
}
