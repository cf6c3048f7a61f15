import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** What is known of a file before it is fetched. Every given digest must fit. */
export interface Expected {
  bytes?: number;
  /** In hexadecimal, whole or at least its first 16 digits. */
  sha256?: string;
  /** The name that git gives to the file's contents: SHA-1 over "blob <bytes>\0" and the contents. */
  gitOid?: string;
  md5?: string;
}

export interface Measured {
  bytes: number;
  sha256: string;
}

const LEAST_DIGITS = 16;

/** Reads a file once. Returns its size and digest, and what of `expected` it contradicts; undefined where all fits. */
export async function verifyFile(path: string, expected: Expected = {}): Promise<Measured & { mismatch?: string }> {
  const { size } = await stat(path);
  const sha256 = createHash("sha256");
  const git = expected.gitOid ? createHash("sha1").update(`blob ${size}\0`) : undefined;
  const md5 = expected.md5 ? createHash("md5") : undefined;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    sha256.update(chunk as Buffer);
    git?.update(chunk as Buffer);
    md5?.update(chunk as Buffer);
  }
  const found = { bytes: size, sha256: sha256.digest("hex"), gitOid: git?.digest("hex"), md5: md5?.digest("hex") };
  return { bytes: size, sha256: found.sha256, mismatch: mismatch(found, expected) };
}

function mismatch(found: Expected & Measured, expected: Expected): string | undefined {
  if (expected.bytes !== undefined && found.bytes !== expected.bytes)
    return `${found.bytes} bytes instead of ${expected.bytes}`;
  if (expected.sha256 && !fits(found.sha256, expected.sha256))
    return `sha256 ${found.sha256.slice(0, LEAST_DIGITS)}… instead of ${expected.sha256.slice(0, LEAST_DIGITS)}…`;
  for (const kind of ["gitOid", "md5"] as const)
    if (expected[kind] && found[kind] !== expected[kind].toLowerCase())
      return `${kind === "md5" ? "MD5" : "git object name"} ${found[kind]} instead of ${expected[kind]}`;
  return undefined;
}

/** Whether a whole SHA-256 has the pinned beginning. */
export const fits = (sha256: string, pinned: string): boolean =>
  pinned.length >= LEAST_DIGITS && sha256.startsWith(pinned.toLowerCase());
