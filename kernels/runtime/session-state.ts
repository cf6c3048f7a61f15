import type { Tensor } from "../tensor.ts";
import type { WorkerClient } from "./worker-client.ts";
import type { StateUse } from "./worker-protocol.ts";

let next = 1;

/**
 * Named tensors that live in the session worker from run to run, such as weights under training and their optimiser's moments.
 * Disposed by whoever opened it.
 */
export class SessionState {
  readonly #worker: WorkerClient;
  readonly #prefix = `state ${next++}: `;
  readonly #names = new Set<string>();

  constructor(worker: WorkerClient) {
    this.#worker = worker;
  }

  /** Whether it is gone with its worker. */
  get lost(): boolean {
    return this.#worker.lost !== undefined;
  }

  /** Sets tensors; they are copied, so the caller keeps them. `zeros`: sizes of float32 tensors of zeros, which nobody has to copy. */
  async put(tensors: Record<string, Tensor>, zeros: Record<string, readonly number[]> = {}): Promise<void> {
    await this.#worker.ask<"state">({ type: "state", put: this.#own(tensors), zeros: this.#own(zeros) });
    for (const name of [...Object.keys(tensors), ...Object.keys(zeros)]) this.#names.add(name);
  }

  #own<T>(values: Record<string, T>): Record<string, T> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [this.#prefix + name, value]));
  }

  /** Copies of the named tensors, all by default. */
  async get(names: Iterable<string> = this.#names): Promise<Record<string, Tensor>> {
    const get = [...names].map((name) => this.#prefix + name);
    const { tensors } = await this.#worker.ask<"state">({ type: "state", get });
    return Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name.slice(this.#prefix.length), tensor]),
    );
  }

  /** For Session.run: which inputs come from state, and which outputs go there, by the names given to `put`. */
  use(read: Record<string, string>, write: Record<string, string> = {}): StateUse {
    for (const name of Object.values(write)) this.#names.add(name);
    const place = (names: Record<string, string>) =>
      Object.fromEntries(Object.entries(names).map(([value, name]) => [value, this.#prefix + name]));
    return { read: place(read), write: place(write) };
  }

  async dispose(): Promise<void> {
    await this.#worker.ask<"state">({ type: "state", drop: [...this.#names].map((name) => this.#prefix + name) });
    this.#names.clear();
  }
}
