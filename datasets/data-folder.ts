import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserFacingError } from "../kernels/errors.ts";
import { shownPath } from "./shown-path.ts";

/** Cause: no folder with models and data was found. Handled by: the cell or command that asked for a model or benchmark by name. */
export class DataFolderMissingError extends UserFacingError {}

const NEEDS = ["models", "data"];
const NEXT_STEP =
  "Set MEDKE_DATA to a folder that holds models/ and data/, or pass the paths of the model and the benchmark explicitly.";

/**
 * The folder that holds `models/` and `data/`: MEDKE_DATA where it is set, otherwise the nearest folder named `shared` beside the
 * current directory, beside one of its ancestors, or beside this package or one of its ancestors.
 *
 * Throws: DataFolderMissingError, which says what was looked for and what to do.
 */
export function dataFolder(from: { env?: string; starts?: string[]; top?: string } = {}): string {
  const env = from.env ?? process.env.MEDKE_DATA;
  if (env) {
    const folder = resolve(env);
    const missing = NEEDS.filter((name) => !isFolder(join(folder, name)));
    if (missing.length)
      throw new DataFolderMissingError(
        `MEDKE_DATA is "${env}", but ${missing.map((name) => `"${name}/"`).join(" and ")} ${missing.length > 1 ? "are" : "is"} not in it. ${NEXT_STEP}`,
      );
    return folder;
  }
  const starts = from.starts ?? [process.cwd(), import.meta.dirname];
  for (const start of starts)
    for (const folder of ancestors(resolve(start), from.top)) {
      const candidate = join(folder, "shared");
      if (NEEDS.every((name) => isFolder(join(candidate, name)))) return candidate;
    }
  throw new DataFolderMissingError(
    `No folder with models and data: MEDKE_DATA is not set, and no folder "shared" that holds models/ and data/ lies beside ` +
      `${shownPath(resolve(starts[0]))} or any folder above it. ${NEXT_STEP}`,
  );
}

/** The folder itself and everything above it up to `top`, nearest first; each one's `shared` is beside the one before. */
function ancestors(folder: string, top?: string): string[] {
  const above = dirname(folder);
  return above === folder || folder === top ? [folder] : [folder, ...ancestors(above, top)];
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
