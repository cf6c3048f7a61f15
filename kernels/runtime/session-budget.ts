/** Something compiled that can be closed and opens itself again when it is used. */
export interface Closable {
  readonly busy: boolean;
  close(): void;
}

/**
 * How much memory compiled programs may take together. When they exceed it, those unused for longest are closed; they compile anew
 * when they are used again. What is in use just now is never closed, however large.
 */
export class SessionBudget {
  readonly limit: number;
  /** In order of use, the latest last. */
  readonly #open = new Map<Closable, number>();

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes of everything open, as estimated by whoever opened it. */
  get used(): number {
    let sum = 0;
    for (const bytes of this.#open.values()) sum += bytes;
    return sum;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Says that `each` is used now and takes `bytes`. */
  touch(each: Closable, bytes: number): void {
    this.#open.delete(each);
    this.#open.set(each, bytes);
    this.trim(each);
  }

  /** Closes what is too much; called again when a run ends, for what could not be closed before. */
  trim(keep?: Closable): void {
    let used = this.used;
    for (const [oldest, size] of this.#open) {
      if (used <= this.limit) break;
      if (oldest === keep || oldest.busy) continue;
      this.#open.delete(oldest);
      used -= size;
      oldest.close();
    }
  }

  forget(each: Closable): void {
    this.#open.delete(each);
  }
}
