import { ProtocolError } from "./protocol-error.ts";

/** A whole number of at least 1 that stands in a protocol's name. Throws: ProtocolError, which shows how it is written. */
export function readCount(spelt: string, word: string | undefined, what: string, example: string): number {
  if (word !== undefined && /^[1-9]\d*$/.test(word) && Number.isSafeInteger(Number(word))) return Number(word);
  throw new ProtocolError(
    `protocol "${spelt}": ${word ? `"${word}" is no ${what}` : `the ${what} is missing`}. Write for example ${example}.`,
  );
}

/** Throws: ProtocolError where words stand in a protocol's name that it does not take. */
export function refuseWords(spelt: string, words: readonly string[], usage: string): void {
  if (words.length)
    throw new ProtocolError(`protocol "${spelt}": "${words[0]}" is more than it takes. Write it as ${usage}.`);
}
