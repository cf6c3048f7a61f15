import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readModelFolder } from "./model-folder.ts";

export interface ModelListing {
  id: string;
  path: string;
  /** One line: what it needs, or why medke cannot load it. */
  needs: string;
}

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
    const { preprocess } = readModelFolder(path);
    return `the CPU or a WebGPU adapter, and images (${preprocess.image_size} x ${preprocess.image_size} after preparation)`;
  } catch (error) {
    return `cannot be loaded: ${(error as Error).message}`;
  }
}
