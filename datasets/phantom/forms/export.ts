import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { throwIfCancelled, UserFacingError } from "../../../kernels/errors.ts";
import { shownPath } from "../../shown-path.ts";
import { SPLITS } from "../knowledge/splits.ts";
import { dataCard } from "./data-card.ts";
import type { FormOptions, PhantomForm } from "./form.ts";

/** Cause: the folder of an export holds something already, or cannot be made. Handled by: the user, who names another. */
export class ExportFolderError extends UserFacingError {}

export interface ExportOptions extends Omit<FormOptions, "counts"> {
  /** Most records of a split. Default: all that the form has. */
  limit?: number;
}

/** What was written. */
export interface ExportSummary {
  form: string;
  seed: number;
  files: number;
  images: number;
  bytes: number;
}

/**
 * Writes a form and its data card into a folder that does not exist or is empty. The folder appears when it is complete: what fails or is
 * cancelled leaves nothing behind.
 *
 * Throws: ExportFolderError before anything is drawn; CancelledError; what the form throws.
 */
export async function exportForm(form: PhantomForm, folder: string, options: ExportOptions): Promise<ExportSummary> {
  const { limit = Infinity, seed, signal } = options;
  const out = resolve(folder);
  await refuseFilled(out);
  const counts = Object.fromEntries(SPLITS.map((split) => [split, Math.min(limit, form.counts[split])]));
  const summary: ExportSummary = { form: form.name, seed, files: 0, images: 0, bytes: 0 };
  const draft = await draftFolder(out);
  try {
    const write = async (path: string, bytes: Uint8Array) => {
      throwIfCancelled(signal, `exporting ${form.name}`);
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), bytes, { flag: "wx" });
      summary.files++;
      summary.images += Number(path.endsWith(".png"));
      summary.bytes += bytes.length;
    };
    for await (const { path, bytes } of form.files({ ...options, counts })) await write(path, bytes);
    await write("README.md", new TextEncoder().encode(dataCard(form, seed, counts)));
    await rmdir(out).catch(() => {});
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return summary;
}

async function refuseFilled(out: string): Promise<void> {
  const found = await readdir(out).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new ExportFolderError(`${shownPath(out)} is no folder to write into (${cause.code}). Name another.`, {
      cause,
    });
  });
  if (found.length)
    throw new ExportFolderError(
      `${shownPath(out)} is not empty: it holds "${found[0]}"${found.length > 1 ? ` and ${found.length - 1} more` : ""}. ` +
        `Name a new folder, or empty this one.`,
    );
}

/** Beside the folder itself, so that it can take its place in one step. */
async function draftFolder(out: string): Promise<string> {
  try {
    await mkdir(dirname(out), { recursive: true });
    const draft = join(dirname(out), `.${basename(out)}.part-${process.pid}-${Date.now()}`);
    await mkdir(draft);
    return draft;
  } catch (cause) {
    throw new ExportFolderError(
      `${shownPath(dirname(out))} cannot be written to (${(cause as Error).message}). Name another folder.`,
      { cause },
    );
  }
}
