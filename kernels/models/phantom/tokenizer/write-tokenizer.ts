import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTokenizer } from "./tokenizer-files.ts";

/** Writes `tokenizer.json` and `tokenizer_config.json` into a model folder, which is made where it is missing. */
export async function writeTokenizer(folder: string): Promise<void> {
  const { tokenizer, config } = makeTokenizer();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "tokenizer.json"), `${JSON.stringify(tokenizer)}\n`);
  await writeFile(join(folder, "tokenizer_config.json"), `${JSON.stringify(config, null, 2)}\n`);
}
