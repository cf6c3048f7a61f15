import { statSync } from "node:fs";
import { join } from "node:path";
import { dataFolder, DataFolderMissingError } from "./data-folder.ts";
import { fetchFolder } from "./fetch/fetch-folder.ts";
import { BenchmarkMissingError } from "./read-json-array.ts";
import { shownPath } from "./shown-path.ts";

/** Benchmarks that another one's files hold, too. */
const WITHIN: Readonly<Record<string, string>> = { "medcf++": "medcf" };

/**
 * The folder of a benchmark's files where the user names none: `data/<name>` in the data folder, else where `medke fetch` puts them.
 * MedCF++ is found in MedCF's folder as well.
 *
 * Throws: BenchmarkMissingError, which says where was looked and how to fetch them; DataFolderMissingError for a MEDKE_DATA that leads nowhere.
 */
export function benchmarkFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const data = dataFolderIfAny(env.MEDKE_DATA);
  const roots = [...(data === undefined ? [] : [join(data, "data")]), fetchFolder(env)];
  const names = [name, ...(Object.hasOwn(WITHIN, name) ? [WITHIN[name]] : [])];
  const places = names.flatMap((each) => roots.map((root) => join(root, each)));
  const found = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isDirectory());
  if (found !== undefined) return found;
  throw new BenchmarkMissingError(
    `${name}: its files are neither named nor found; looked in ${places.map(shownPath).join(", ")}. ` +
      `Download them with medke fetch ${name}, or name their folder in the command or call.`,
  );
}

/** No data folder is no failure, because benchmarks have a second place; a MEDKE_DATA that leads nowhere is one. */
function dataFolderIfAny(env: string | undefined): string | undefined {
  try {
    return dataFolder({ env });
  } catch (error) {
    if (error instanceof DataFolderMissingError && !env) return undefined;
    throw error;
  }
}
