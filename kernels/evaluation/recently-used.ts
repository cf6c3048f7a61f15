import { deserialize, serialize } from "node:v8";
import type { Kept } from "./kept.ts";

/** What a Map's entry and two strings take beside their characters, bytes, roughly. */
const OVERHEAD = 150;

/**
 * Keeps plain values in memory up to a number of bytes; those unused for longest go first.
 *
 * They are kept packed, and a reader gets a copy: an object of a few arrays takes many times the bytes of its numbers, and of text that was
 * put together from pieces every piece stays. So the limit is one of what is really taken. Not promised: objects of a class of one's own.
 */
export class RecentlyUsed<T> implements Kept<T> {
  readonly #limit: number;
  readonly #packed = new Map<string, string>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const found = this.#packed.get(key);
    if (found === undefined) return undefined;
    // Put at the end again, so that the first is always the one unused for longest.
    this.#packed.delete(key);
    this.#packed.set(key, found);
    return unpack(found) as T;
  }

  /** Keeps a value, or what is known already as used just now. */
  put(key: string, value: T): void {
    const packed = pack(value);
    this.#bytes += size(key, packed) - size(key, this.#packed.get(key));
    this.#packed.delete(key);
    this.#packed.set(key, packed);
    for (const [oldest, old] of this.#packed) {
      if (this.#bytes <= this.#limit) return;
      this.#packed.delete(oldest);
      this.#bytes -= size(oldest, old);
    }
  }
}

const size = (key: string, packed: string | undefined) =>
  packed === undefined ? 0 : OVERHEAD + key.length + packed.length;

/** A character is a byte: such strings lie in the heap without anything around them, and keep numbers JSON has no word for. */
const pack = (value: unknown): string => serialize(value).toString("latin1");
const unpack = (packed: string): unknown => deserialize(Buffer.from(packed, "latin1"));
