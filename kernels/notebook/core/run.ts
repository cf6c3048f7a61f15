import { InterruptedError } from "./interrupted-error.ts";

/** How long library work may take to answer the abort signal before the cell ends without it. */
const GRACE_MS = 300;

/** One execution of one cell: its identity, its cancellation, and the end that something outside the cell may put to it. */
export class Run {
  readonly id: string;
  readonly label: string;
  readonly slot: number;
  /** Work of the cell that goes on behind its back, such as a `display` that nobody awaited. */
  readonly pending: Promise<unknown>[] = [];
  readonly #abort = new AbortController();
  #interrupted = false;
  #end!: (error: unknown) => void;
  /** Rejects when the cell must end although its code has not: an interrupt, or an exception in one of its callbacks. */
  readonly ended: Promise<never>;

  constructor(id: string, label: string, slot: number) {
    this.id = id;
    this.label = label;
    this.slot = slot;
    this.ended = new Promise((_, reject) => (this.#end = reject));
    this.ended.catch(() => {});
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get wasInterrupted(): boolean {
    return this.#interrupted;
  }

  /** The main thread is free: library work sees the signal; whatever does not end by itself is left behind. */
  interrupt(): void {
    this.#interrupted = true;
    this.#abort.abort(new InterruptedError());
    setTimeout(() => this.#end(new InterruptedError()), GRACE_MS);
  }

  fail(error: unknown): void {
    this.#abort.abort(error);
    this.#end(error);
  }
}
