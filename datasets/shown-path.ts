import { homedir } from "node:os";
import { isAbsolute, join, relative } from "node:path";

/** A path as messages show it: below the home folder it starts with "~", so that a pasted message carries no user name. */
export function shownPath(path: string): string {
  const below = relative(homedir(), path);
  return below && !below.startsWith("..") && !isAbsolute(below) ? join("~", below) : path;
}
