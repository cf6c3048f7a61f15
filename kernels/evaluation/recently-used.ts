import type { Kept } from "./kept.ts";

/** Keeps values in memory up to a number of bytes (estimated); those unused for longest go first. */
export class RecentlyUsed<T> implements Kept<T> {
  readonly #limit: number;
  readonly #values = new Map<string, { value: T; bytes: number }>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const found = this.#values.get(key);
    if (!found) return undefined;
    // Put at the end again, so that the first is always the one unused for longest.
    this.#values.delete(key);
    this.#values.set(key, found);
    return found.value;
  }

  put(key: string, value: T): void {
    const bytes = sizeOf(value) + sizeOf(key);
    this.#bytes += bytes - (this.#values.get(key)?.bytes ?? 0);
    this.#values.delete(key);
    this.#values.set(key, { value, bytes });
    for (const [oldest, { bytes: freed }] of this.#values) {
      if (this.#bytes <= this.#limit) return;
      this.#values.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

/** What a plain value takes in memory, in bytes, roughly. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return 24 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (ArrayBuffer.isView(value)) return 64 + value.byteLength;
  return Object.values(value).reduce((sum: number, field) => sum + 8 + sizeOf(field), 48);
}
