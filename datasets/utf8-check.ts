import { isUtf8 } from "node:buffer";

/** Tells whether a text that arrives in pieces is UTF-8, in constant memory. */
export class Utf8Check {
  /** The beginning of a character whose other bytes are in the next piece. */
  #open: Uint8Array = new Uint8Array();

  /** Offset in the piece of the first byte that cannot stand there; undefined where there is none. */
  faultIn(piece: Uint8Array): number | undefined {
    const bytes = Buffer.concat([this.#open, piece]);
    const valid = (end: number) => isUtf8(bytes.subarray(0, end - openBytes(bytes.subarray(0, end))));
    const before = this.#open.length;
    if (valid(bytes.length)) {
      this.#open = bytes.subarray(bytes.length - openBytes(bytes));
      return undefined;
    }
    // A text that is valid up to a byte is so up to every byte before it.
    let [good, bad] = [before, bytes.length];
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      if (valid(middle)) good = middle;
      else bad = middle;
    }
    return bad - 1 - before;
  }
}

/** Bytes at the end that begin a character and do not finish it. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const length =
      byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
