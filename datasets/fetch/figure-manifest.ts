import { readFile } from "node:fs/promises";
import { shownPath } from "../shown-path.ts";
import { BenchmarkFileError } from "../read-json-array.ts";
import { unsafeName } from "./safe-path.ts";

/** A figure of an article in PubMed Central. */
export interface Figure {
  /** Path in ROCO, by which the records name the image. */
  roco: string;
  /** Name of the image in the user's folder. */
  file: string;
  /** Accession number, such as "PMC3284869". */
  article: string;
  /** Name of the figure within its article. */
  name: string;
}

/**
 * Reads MediConfusion's `image_dict.json`: ROCO path -> `{ local, dlink, file_name }`. The article's number stands in `dlink`, an address
 * of an article package that is no longer served. In the order of the local numbers.
 *
 * Throws: BenchmarkFileError naming the entry and the field.
 */
export async function readFigureManifest(file: string): Promise<Figure[]> {
  const where = `mediconfusion: ${shownPath(file)}`;
  const refuse = (entry: string, field: string, problem: string): never => {
    throw new BenchmarkFileError(`${where}, entry "${entry}", field "${field}": ${problem}. Fetch the file again.`);
  };
  let entries: [string, unknown][];
  try {
    entries = Object.entries(JSON.parse(await readFile(file, "utf8")) as object);
  } catch (cause) {
    throw new BenchmarkFileError(`${where}: broken JSON (${(cause as Error).message}). Fetch the file again.`, {
      cause,
    });
  }
  const taken = new Set<number>();
  const figures = entries.map(([roco, value]) => {
    const { local, dlink, file_name: name } = (value ?? {}) as Record<string, unknown>;
    if (typeof local !== "number" || !Number.isInteger(local) || local < 0 || local > 999_999)
      return refuse(roco, "local", `${JSON.stringify(local)} is no image number`);
    if (taken.has(local)) return refuse(roco, "local", `${local} is the number of another image as well`);
    taken.add(local);
    const article = typeof dlink === "string" ? /\/(PMC\d{1,12})\.tar\.gz$/.exec(dlink)?.[1] : undefined;
    if (article === undefined) return refuse(roco, "dlink", `${JSON.stringify(dlink)} names no article`);
    if (typeof name !== "string" || unsafeName(name) !== undefined || name.includes("/"))
      return refuse(roco, "file_name", `${JSON.stringify(name)} is no plain file name`);
    return { local, roco, file: `${local}.jpg`, article, name };
  });
  return figures.sort((a, b) => a.local - b.local).map(({ local: _local, ...figure }) => figure);
}
