import { deserialize, serialize } from "node:v8";
import type { Kept } from "./kept.ts";

/** What an entry takes beside its key and its bytes, roughly: of the map, the key and the buffer. */
const OVERHEAD = 350;

/**
 * Keeps plain values in memory up to a number of bytes; those unused for longest go first.
 *
 * They are kept packed, and a reader gets a copy: an object of a few arrays takes many times the bytes of its numbers, and of text that was
 * put together from pieces every piece stays. So the limit is one of what is really taken; and as the bytes lie outside the JavaScript heap,
 * they do not raise the amount of waste that the engine lets gather there. Not promised: objects of a class of one's own.
 */
export class RecentlyUsed<T> implements Kept<T> {
  readonly #limit: number;
  readonly #packed = new Map<string, Uint8Array>();
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
    return deserialize(found) as T;
  }

  /** Keeps a value, or what is known already as used just now. */
  put(key: string, value: T): void {
    // A buffer of its own: what the serialiser gives has room to grow.
    const packed = new Uint8Array(serialize(value));
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

const size = (key: string, packed: Uint8Array | undefined) => (packed ? OVERHEAD + key.length + packed.length : 0);
