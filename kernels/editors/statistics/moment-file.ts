import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../../datasets/make-folder.ts";
import { shownPath } from "../../../datasets/shown-path.ts";
import { UserFacingError } from "../../errors.ts";
import type { KeyStatistics } from "../statistics-source.ts";

/** Cause: the folder that keeps statistics cannot be written to. Handled by: the user, who names another. */
export class StatisticsFolderError extends UserFacingError {}

/** Line one of a file; the moment's doubles follow, row by row, little-endian. */
interface Header extends Omit<KeyStatistics, "moment"> {
  medke: "key-statistics 1";
  sha256: string;
}

const NEWLINE = 10;
let drafts = 0;

/** Statistics from a file; undefined where there is none, or one that is damaged or of another kind, which is then gathered anew. */
export async function readMoment(path: string): Promise<KeyStatistics | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const end = bytes?.indexOf(NEWLINE) ?? -1;
  if (!bytes || end < 0) return undefined;
  try {
    const { medke, sha256, ...rest } = JSON.parse(bytes.subarray(0, end).toString("utf8")) as Header;
    const body = Uint8Array.from(bytes.subarray(end + 1));
    const whole = body.length === rest.width ** 2 * 8 && hashOf(body) === sha256;
    return medke === "key-statistics 1" && whole ? { ...rest, moment: new Float64Array(body.buffer) } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes statistics so that a reader sees the whole file or none, also when several processes write it. Throws: StatisticsFolderError. */
export async function writeMoment(path: string, { moment, ...rest }: KeyStatistics): Promise<void> {
  const body = new Uint8Array(moment.buffer, moment.byteOffset, moment.byteLength);
  const header: Header = { medke: "key-statistics 1", ...rest, sha256: hashOf(body) };
  const draft = `${path}.${process.pid}-${drafts++}.part`;
  try {
    makeFolder(dirname(path));
    await writeFile(draft, [Buffer.from(`${JSON.stringify(header)}\n`), body]);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw new StatisticsFolderError(
      `statistics: ${shownPath(dirname(path))} cannot be written to (${(cause as Error).message}). Set XDG_CACHE_HOME to a folder that can.`,
      { cause },
    );
  }
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
