import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { EMBEDDED_MODELS, locateModel } from "./embedded-models.ts";
import { type ModelFolder, ModelFolderError, readModelFolder } from "./model-folder.ts";

export interface ModelListing {
  id: string;
  path: string;
  /** One line: what it needs, or why medke cannot load it. */
  needs: string;
}

/** The models that come with medke, in the form of `listModels`. */
export const embeddedModels = (): ModelListing[] =>
  EMBEDDED_MODELS.map((id) => {
    const { path } = locateModel(id);
    return { id, path, needs: `${needsOf(path)}; comes with medke` };
  });

/** The model folders under `root`, one line each; folders in another layout are listed with what they lack. */
export function listModels(root: string): ModelListing[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "config.json")))
    .map(({ name }) => ({ id: name, path: join(root, name), needs: needsOf(join(root, name)) }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

function needsOf(path: string): string {
  try {
    const folder = readModelFolder(path);
    return `the CPU or a WebGPU adapter${folder.inputs.form === "text" ? "; reads text alone" : `, and images${sizeOf(folder)}`}`;
  } catch (error) {
    return `cannot be loaded: ${error instanceof ModelFolderError ? error.fault : (error as Error).message}`;
  }
}

/** The size that images are brought to, where it is fixed. */
function sizeOf({ inputs, config }: ModelFolder): string {
  const size =
    inputs.form === "question"
      ? inputs.preprocess.image_size
      : (config.vision_config as { image_size?: unknown } | undefined)?.image_size;
  return typeof size === "number" ? ` (${size} x ${size} after preparation)` : "";
}
