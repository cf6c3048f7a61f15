import { parentPort, type Worker } from "node:worker_threads";
import type { Tensor } from "../../../tensor.ts";

type Feeds = Record<string, Tensor>;
type Reply = { id: number; feeds: Feeds } | { id: number; error: string };

/** Batches made beside the thread that trains, so that a step never waits for pictures. The caller closes it. */
export class BatchThread<Request> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(feeds: Feeds): void; reject(error: Error): void }>();
  #next = 1;
  #ended: Error | undefined;

  /** `worker` runs a file that calls serveBatches. */
  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: Reply) => {
      const job = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("error" in reply) job?.reject(new Error(`internal: making a training batch failed: ${reply.error}`));
      else job?.resolve(reply.feeds);
    });
    worker.on("error", (error) => this.#end(error));
    worker.on("exit", () => this.#end(new Error("internal: the thread that makes training batches has ended")));
  }

  /** Whoever waits, now or later, learns why nothing comes. */
  #end(error: Error): void {
    this.#ended ??= error;
    for (const job of this.#waiting.values()) job.reject(this.#ended);
    this.#waiting.clear();
  }

  at(request: Request): Promise<Feeds> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Answers the requests of a BatchThread, in the thread that it was given. */
export function serveBatches<Request>(make: (request: Request) => Feeds): void {
  parentPort!.on("message", ({ id, request }: { id: number; request: Request }) => {
    try {
      const feeds = make(request);
      const buffers = Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer);
      parentPort!.postMessage({ id, feeds } satisfies Reply, buffers);
    } catch (error) {
      parentPort!.postMessage({ id, error: (error as Error).stack ?? String(error) } satisfies Reply);
    }
  });
}
