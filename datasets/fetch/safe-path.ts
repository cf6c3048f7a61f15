import { lstat, mkdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { shownPath } from "../shown-path.ts";
import { FetchTargetError } from "./errors.ts";

const LONGEST_SEGMENT = 255;
const LONGEST_NAME = 1024;
const DEEPEST = 32;

/** Why a relative name must not be created below a folder, on any system; undefined where nothing speaks against it. */
export function unsafeName(name: string): string | undefined {
  if (name === "") return "the name is empty";
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return "the name holds a control character";
  if (name.includes("\ufffd")) return "the name is not valid UTF-8";
  if (name.includes("\\")) return "the name holds a backslash, which separates folders on Windows";
  if (name.startsWith("/")) return "the name is an absolute path";
  if (/^[a-z]:/i.test(name)) return "the name begins with a drive letter";
  if (/[:<>"|?*]/.test(name)) return "the name holds a character that Windows reads as something else";
  if (Buffer.byteLength(name) > LONGEST_NAME) return `the name is longer than ${LONGEST_NAME} bytes`;
  const segments = name.split("/");
  if (segments.length > DEEPEST) return `the name is more than ${DEEPEST} folders deep`;
  for (const segment of segments) {
    if (segment === "..") return "the name leaves the folder";
    if (segment === "" || segment === ".") return "the name holds an empty part";
    if (Buffer.byteLength(segment) > LONGEST_SEGMENT)
      return `a part of the name is longer than ${LONGEST_SEGMENT} bytes`;
    if (/[. ]$/.test(segment)) return "a part of the name ends with a dot or a space, which Windows drops";
    if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(segment)) return "a part of the name is a device on Windows";
  }
  return undefined;
}

/** What file systems that ignore case or accents' spelling take for the same name. */
export const foldedName = (name: string): string => name.normalize("NFC").toLowerCase();

/**
 * Creates the folders of `name` below `root`, following no link on the way, and returns the file's absolute path.
 *
 * Throws: FetchTargetError for an unsafe name, or where a link or a file is in the way.
 */
export async function pathBelow(root: string, name: string): Promise<string> {
  const problem = unsafeName(name);
  if (problem) throw new FetchTargetError(`"${name}" cannot be written below ${shownPath(root)}: ${problem}.`);
  let folder = await realFolder(root);
  const segments = name.split("/");
  for (const segment of segments.slice(0, -1)) {
    folder = join(folder, segment);
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    if (!(await lstat(folder)).isDirectory())
      throw new FetchTargetError(
        `${shownPath(folder)} is a link or a file where a folder is needed. Move it away, or name another folder with --out.`,
      );
  }
  return join(folder, segments[segments.length - 1]);
}

/** The target folder itself may be a link, as it is the user's own word; everything below it may not. */
export async function realFolder(root: string): Promise<string> {
  await mkdir(resolve(root), { recursive: true });
  return realpath(root);
}
