import { WorkerClient } from "./worker-client.ts";

/**
 * Keeps a session worker at hand: the first one, and after a loss another one, so that sessions can be opened anew. A worker that
 * was lost before it ever ran a graph is not replaced: the next would end the same way, over and over.
 */
export class WorkerKeeper {
  #worker = new WorkerClient();
  #stopped = false;

  /** The worker to ask now. It may be a new one, in which no session is open yet. */
  get current(): WorkerClient {
    if (this.#worker.lost && this.#worker.served && !this.#stopped) this.#worker = new WorkerClient();
    return this.#worker;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker.stop();
  }
}
