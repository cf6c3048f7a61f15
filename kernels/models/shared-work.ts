import { StepCancelledError } from "../errors.ts";

/** Work that several askers wait for. An asker who is stopped leaves the others waiting; it is stopped when all of them have left. */
export class SharedWork<T> {
  readonly result: Promise<T>;
  readonly #what: string;
  readonly #stop = new AbortController();
  #waiting = 0;
  #done = false;

  /** Begins the work. `what` names it in errors. */
  constructor(what: string, work: (signal: AbortSignal) => Promise<T>) {
    this.#what = what;
    this.result = work(this.#stop.signal);
    const done = () => (this.#done = true);
    // Whoever waits hears of a failure; nobody else has to.
    this.result.then(done, done);
  }

  /** Whether it was given up, so that a new asker has to begin anew. */
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Waits for the result. Throws: CancelledError when the asker's own signal is raised; what the work throws. */
  async wait(signal?: AbortSignal): Promise<T> {
    this.#waiting++;
    let leave = () => {};
    try {
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(new StepCancelledError(this.#what));
        if (signal?.aborted) leave();
        else signal?.addEventListener("abort", leave, { once: true });
      });
      return await Promise.race([left, this.result]);
    } finally {
      signal?.removeEventListener("abort", leave);
      if (--this.#waiting === 0 && !this.#done) this.#stop.abort();
    }
  }
}
