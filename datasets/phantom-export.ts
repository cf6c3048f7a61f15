import { closeSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** First line of the data card of every export of the phantom world, by which readers know one. */
export const PHANTOM_CARD =
  "Everything in this folder is invented: anatomy, findings, devices, names, facts and images. Nothing in it is medical information.";

/** How many folders above a file of an export its data card may lie. */
const LEVELS = 3;

/** Whether a folder, or a file in it, belongs to an export of the phantom world: its data card says so. */
export function isPhantomExport(path: string): boolean {
  const given = resolve(path);
  const isFile = statSync(given, { throwIfNoEntry: false })?.isFile() ?? false;
  let folder = isFile ? dirname(given) : given;
  for (let level = 0; level < LEVELS; level++, folder = dirname(folder))
    if (beginning(join(folder, "README.md")) === PHANTOM_CARD) return true;
  return false;
}

/** As many characters of a file as the data card's first line has; nothing where there is no such file. */
function beginning(file: string): string {
  try {
    const handle = openSync(file, "r");
    try {
      const bytes = new Uint8Array(PHANTOM_CARD.length);
      return new TextDecoder().decode(bytes.subarray(0, readSync(handle, bytes)));
    } finally {
      closeSync(handle);
    }
  } catch {
    return "";
  }
}
