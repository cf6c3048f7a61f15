import { type ModelFolder, ModelFolderError } from "./model-folder.ts";

/**
 * The tokens that end an answer; of several, generation stops at each and training teaches the first.
 *
 * Throws: ModelFolderError when no file names one.
 */
export function endTokens({ path, generation, config }: ModelFolder): number[] {
  const text = config.text_config as Record<string, unknown> | undefined;
  const ends = [generation.eos_token_id ?? config.eos_token_id ?? text?.eos_token_id].flat();
  if (ends.every((end) => typeof end === "number")) return ends;
  throw new ModelFolderError(
    path,
    `neither generation_config.json nor config.json has a number "eos_token_id" (found ${JSON.stringify(ends[0])})`,
    "Add it, or export the model again.",
  );
}
