import type { Worker } from "node:worker_threads";
import { startWorker } from "../../../runtime/start-worker.ts";
import type { Tensor } from "../../../tensor.ts";
import type { BatchReply, BatchRequest, BatchWorkerData, Stage } from "./batch-protocol.ts";

/** Batches made in a thread of their own. A batch is a pure function of the seed, the stage and its number. */
export class Batches {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(feeds: Record<string, Tensor>): void; reject(error: Error): void }>();
  #next = 1;

  constructor(data: BatchWorkerData) {
    this.#worker = startWorker("batch-worker", import.meta.url, { name: "medke batches", workerData: data });
    this.#worker.on("message", (reply: BatchReply) => {
      const job = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("error" in reply) job?.reject(new Error(`internal: making a training batch failed: ${reply.error}`));
      else job?.resolve(reply.feeds);
    });
    this.#worker.on("error", (error) => {
      for (const job of this.#waiting.values()) job.reject(error);
      this.#waiting.clear();
    });
  }

  at(stage: Stage, step: number): Promise<Record<string, Tensor>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, stage, step } satisfies BatchRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
