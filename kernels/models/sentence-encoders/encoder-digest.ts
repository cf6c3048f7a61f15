import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readModelFile } from "../../onnx/read-model-file.ts";
import { dataFiles } from "../../onnx/session-source.ts";

/** What decides a vector beside the graph. */
const SETTINGS = ["config.json", "tokenizer.json", "tokenizer_config.json", "1_Pooling/config.json"];

/** Digest of the files that decide an encoder's vectors, wherever its folder lies: settings, graph, weights. 16 hexadecimal digits. */
export async function encoderDigest(folder: string, graph: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of SETTINGS) {
    const file = join(folder, name);
    // By content: line ends differ between systems.
    hash.update(JSON.stringify([name, existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null]));
  }
  const file = join(folder, graph);
  for (const part of [file, ...dataFiles(await readModelFile(file))])
    await pipeline(createReadStream(part), hash, { end: false });
  return hash.digest("hex").slice(0, 16);
}
