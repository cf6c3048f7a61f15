// Weights that come with medke. In the source tree they lie beside the code that trains them; build.mjs copies them to dist/models/<name>.
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataFolder, DataFolderMissingError } from "../../datasets/data-folder.ts";
import { nearestName, requireKnown } from "../nearest-name.ts";

const SOURCES = {
  phantom: "phantom/weights",
  "phantom-retrieval": "phantom/retrieval/weights",
} as const;

/** Folder of embedded weights; whether they are there is found out by whoever reads them. */
export const embeddedFolder = (name: keyof typeof SOURCES): string =>
  fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? SOURCES[name] : `models/${name}`, import.meta.url));

/** Vision-language models that can be loaded by their name alone. */
export const EMBEDDED_MODELS = ["phantom"] as const;

/** What a user names as a model: an embedded one by its name, everything else by its path. */
export interface ModelLocation {
  path: string;
  /** Of an embedded model; others are called after their folder. */
  id?: string;
}

/**
 * Finds what `given` names: an embedded model, a path, or a folder of that name among the models of the data folder, which `medke models`
 * lists. A folder that has the name of an embedded model is reached as a path, such as `./phantom`.
 *
 * Throws: UnknownNameError for a mistyped name; a path that leads nowhere is left to whoever reads it.
 */
export function locateModel(given: string): ModelLocation {
  const id = EMBEDDED_MODELS.find((name) => name === given);
  if (id) return { id, path: embeddedFolder(id) };
  const isName = !/[\\/]/.test(given) && !statSync(given, { throwIfNoEntry: false });
  const listed = isName && inDataFolder(given);
  if (listed) return { path: listed };
  if (isName && nearestName(given, EMBEDDED_MODELS)) requireKnown("model", given, EMBEDDED_MODELS);
  return { path: given };
}

/** Path of a model in the data folder; none where there is no such folder. */
function inDataFolder(name: string): string | undefined {
  try {
    const path = join(dataFolder(), "models", name);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : undefined;
  } catch (error) {
    if (error instanceof DataFolderMissingError) return undefined;
    throw error;
  }
}
