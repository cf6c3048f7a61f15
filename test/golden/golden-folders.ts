import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const shared = process.env.MEDKE_DATA ?? resolve(import.meta.dirname, "../../../shared");

/** Folder of golden vectors, and folder of models with reference values beside them. */
export const GOLDEN_DIR = process.env.GOLDEN_DIR ?? join(shared, "golden");
export const MODELS_DIR = process.env.MODELS_DIR ?? join(shared, "models");

/** Sub-folders of a folder; none where it is absent. */
export const foldersOf = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
