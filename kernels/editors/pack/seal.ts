import { createHash } from "node:crypto";

/**
 * The digest stands at a fixed place of the file, as the first value of its metadata, and is taken of all bytes with zeros in that place.
 * So it covers everything: length, header, padding and numbers.
 */
const BEFORE = '{"__metadata__":{"sha256":"';
const START = 8 + BEFORE.length;
const DIGITS = 64;

/** What stands in the place of the digest while it is computed. */
export const UNSEALED = "0".repeat(DIGITS);

/** Starts a digest with a file's head (length and header), whatever digest stands in it. Further bytes are for the caller to add. */
export function beginSeal(head: Buffer) {
  const blank = Buffer.from(head);
  blank.write(UNSEALED, START, "latin1");
  return createHash("sha256").update(blank);
}

/** Puts a digest into a head that was laid out with UNSEALED. */
export const seal = (head: Buffer, digest: string) => void head.write(digest, START, "latin1");

/** The digest that a head carries; undefined where none stands in its place. */
export function sealOf(head: Buffer): string | undefined {
  const digest = head.toString("latin1", START, START + DIGITS);
  return head.toString("latin1", 8, START) === BEFORE && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}

/** How much of a file `beginsAsPack` needs. */
export const HEAD_BYTES = START + DIGITS;

/** Whether a file that starts with these bytes is an edit pack, whole or damaged, rather than some other file. */
export const beginsAsPack = (start: Buffer): boolean => start.toString("latin1", 8, START) === BEFORE;
