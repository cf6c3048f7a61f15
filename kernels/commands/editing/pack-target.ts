import { closeSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { shownPath } from "../../../datasets/shown-path.ts";
import { beginsAsPack, HEAD_BYTES } from "../../editors/pack/seal.ts";
import { CommandLineError } from "../options.ts";

/**
 * Refuses a file that could not be written once the edit is made, and one that would be lost: only an edit pack, or an empty file, is
 * replaced. Returns whether there is one. Throws: CommandLineError.
 */
export function requirePackTarget(file: string): boolean {
  const folder = dirname(file);
  const refuse = (why: string, next: string) => new CommandLineError(`--out ${shownPath(file)}: ${why}. ${next}`);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw refuse(`there is no folder ${shownPath(folder)}`, "Make it, or name a file in one that exists.");
  const there = statSync(file, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw refuse("that is no file", "Name a file, such as edit.medke.");
  if (there && there.size > 0 && !beginsAsPack(firstBytes(file)))
    throw refuse("this file is no edit pack, and would be lost", "Name another, or move this one away.");
  const probe = `${file}.${process.pid}.probe`;
  try {
    closeSync(openSync(probe, "wx"));
    rmSync(probe);
  } catch (cause) {
    const why = (cause as Error).message.split(",")[0];
    throw refuse(`nothing can be written there (${why})`, "Name a file in a folder of yours.");
  }
  return there !== undefined && there.size > 0;
}

function firstBytes(file: string): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const opened = openSync(file, "r");
  try {
    return bytes.subarray(0, readSync(opened, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(opened);
  }
}
