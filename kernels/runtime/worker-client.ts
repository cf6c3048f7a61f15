import type { Worker } from "node:worker_threads";
import { throwIfCancelled } from "../errors.ts";
import { DeviceLostError, saysDeviceLost, WorkerLostError } from "./lost-errors.ts";
import { clearFlag, ExitGuard } from "./exit-guard.ts";
import { onAbort } from "./on-abort.ts";
import { startWorker } from "../start-worker.ts";
import { cancelled } from "./until-aborted.ts";
import type { WorkerReply, WorkerRequest } from "./worker-protocol.ts";

type Unsent<T> = T extends unknown ? Omit<T, "id"> : never;
type ReplyTo<T extends WorkerRequest["type"]> = Extract<
  WorkerReply,
  { type: { create: "created"; run: "ran"; loop: "looped"; release: "released"; state: "stated" }[T] }
>;

interface Job {
  request: WorkerRequest;
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

const WHAT = "running the model";

/**
 * Asks one session worker and waits for its reply. The worker does not keep the process alive while nothing is asked of it.
 *
 * Requests wait here, not in the worker, whose thread is blocked while it runs: a request that is called off before its turn is
 * dropped, and one that runs already is no longer waited for.
 */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #guard = new ExitGuard();
  readonly #queue: Job[] = [];
  #running: Job | undefined;
  #next = 1;
  #lost: Error | undefined;
  #served = false;

  constructor() {
    this.#worker = startWorker("session-worker", import.meta.url, {
      name: "medke sessions",
      workerData: { flag: this.#guard.flag },
    });
    this.#worker.unref();
    this.#worker.on("message", (reply: WorkerReply) => this.#settle(reply));
    let reason = lost("it ended");
    this.#worker.on("error", (error) => {
      reason = lost(error.message, error);
      // Not before what the worker answered last has been heard: replies and errors come by ways of their own.
      setImmediate(() => this.#lose(reason));
    });
    this.#worker.on("exit", () => {
      this.#guard.drop();
      this.#lose(reason);
    });
  }

  /** Why this worker answers no more; undefined while it lives. */
  get lost(): Error | undefined {
    return this.#lost;
  }

  /** Whether this worker ever ran a graph: one that never did would not do better a second time. */
  get served(): boolean {
    return this.#served;
  }

  /** Throws: CancelledError when `signal` is raised before the reply; WorkerLostError or DeviceLostError when the worker is gone. */
  ask<T extends WorkerRequest["type"]>(
    request: Unsent<Extract<WorkerRequest, { type: T }>>,
    signal?: AbortSignal,
  ): Promise<ReplyTo<T>> {
    return new Promise<WorkerReply>((resolve, reject) => {
      if (this.#lost) throw this.#lost;
      throwIfCancelled(signal, WHAT);
      const forget = onAbort(signal, () => {
        const place = this.#queue.indexOf(job);
        if (place >= 0) this.#queue.splice(place, 1);
        reject(cancelled(WHAT));
      });
      const job: Job = {
        request: { ...request, id: this.#next++ } as WorkerRequest,
        resolve: (reply) => {
          forget();
          resolve(reply);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      };
      this.#queue.push(job);
      this.#send();
    }) as Promise<ReplyTo<T>>;
  }

  /** Ends the worker, after the run that is under way: a thread that is ended inside the engine takes the whole process with it. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#lose(new WorkerLostError("the model's runtime: it was disposed. Load the model again."));
    if (running)
      await new Promise<void>((resolve) => this.#worker.once("message", () => resolve()).once("exit", resolve));
    await this.#worker.terminate();
  }

  #send(): void {
    if (this.#running || this.#queue.length === 0) return;
    const job = this.#queue.shift()!;
    // Before the worker can clear it.
    this.#guard.raise();
    try {
      this.#worker.postMessage(job.request);
    } catch (error) {
      clearFlag(this.#guard.flag);
      // Feeds that cannot be copied, such as those whose buffer was given away: the fault of this request alone.
      job.reject(error as Error);
      return this.#send();
    }
    this.#running = job;
    this.#worker.ref();
  }

  #settle(reply: WorkerReply): void {
    if (this.#lost) return;
    const job = this.#running;
    this.#running = undefined;
    if (reply.type === "failed") {
      if (saysDeviceLost(reply.message)) {
        const error = new DeviceLostError(
          `device "webgpu": it was lost during a run (${reply.message.split("\n")[0].slice(0, 160)}). Run it again to reload the model there, or load it with device "cpu".`,
        );
        job?.reject(error);
        // The engine keeps one device for a whole process thread; only a new thread asks for a new one.
        this.#lose(error);
        void this.#worker.terminate();
        return;
      }
      job?.reject(new Error(reply.message));
    } else {
      this.#served ||= reply.type === "ran" || reply.type === "looped";
      job?.resolve(reply);
    }
    this.#send();
    if (!this.#running) this.#worker.unref();
  }

  #lose(error: Error): void {
    if (this.#lost) return;
    this.#lost = error;
    for (const job of [this.#running, ...this.#queue.splice(0)]) job?.reject(error);
    this.#running = undefined;
  }
}

const lost = (reason: string, cause?: unknown) =>
  new WorkerLostError(
    `the thread that runs the model stopped (${reason}). Run it again: the model is reloaded; if it stops again, load a smaller model or free memory.`,
    { cause },
  );
