import type { Worker } from "node:worker_threads";
import { startWorker } from "./start-worker.ts";
import type { WorkerReply, WorkerRequest } from "./worker-protocol.ts";

type Unsent<T> = T extends unknown ? Omit<T, "id"> : never;
type ReplyTo<T extends WorkerRequest["type"]> = Extract<
  WorkerReply,
  { type: { create: "created"; run: "ran"; release: "released"; state: "stated" }[T] }
>;

/** Asks the session worker and waits for its reply. The worker does not keep the process alive while nothing is asked of it. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(reply: WorkerReply): void; reject(error: Error): void }>();
  #next = 1;
  #dead: Error | undefined;

  constructor() {
    this.#worker = startWorker("session-worker", import.meta.url, { name: "medke sessions" });
    this.#worker.unref();
    this.#worker.on("message", (reply: WorkerReply) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the session worker stopped; load the model again")));
  }

  ask<T extends WorkerRequest["type"]>(request: Unsent<Extract<WorkerRequest, { type: T }>>): Promise<ReplyTo<T>> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (reply: WorkerReply) => void, reject });
      this.#worker.ref();
      this.#worker.postMessage({ ...request, id });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (reply.type === "failed") waiting?.reject(new Error(reply.message));
    else waiting?.resolve(reply);
  }

  #fail(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#dead);
    this.#waiting.clear();
  }
}
