import type { Tensor } from "../tensor.ts";
import type { WorkerClient } from "./worker-client.ts";
import type { SessionInfo, StateUse, ValueInfo } from "./worker-protocol.ts";

/** A compiled graph in the session worker. Released by whoever opened it. */
export class Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly #worker: WorkerClient;
  readonly #handle: number;

  constructor(worker: WorkerClient, info: SessionInfo) {
    this.#worker = worker;
    this.#handle = info.handle;
    this.inputs = info.inputs;
    this.outputs = info.outputs;
  }

  /**
   * Runs the graph; every output is returned on the CPU, except those that `state` keeps in the worker (see SessionState.use). Feeds
   * are copied, so the caller keeps them.
   */
  async run(feeds: Record<string, Tensor>, state?: StateUse): Promise<Record<string, Tensor>> {
    return (await this.#worker.ask<"run">({ type: "run", handle: this.#handle, feeds, state })).outputs;
  }

  async release(): Promise<void> {
    await this.#worker.ask<"release">({ type: "release", handle: this.#handle });
  }
}
