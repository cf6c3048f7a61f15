import type { Worker } from "node:worker_threads";
import { startWorker } from "../../../kernels/start-worker.ts";
import { ImageFault } from "../image-fault.ts";
import type { Answer, Job, ResultOf } from "./jobs.ts";

/** How long one file may take, in milliseconds. A mammogram of 14 megapixels in JPEG 2000 takes a few seconds. */
const TIME_LIMIT = 60_000;
/** Heap of the thread, in MiB. A file whose parsed attributes need more is refused. */
const HEAP_LIMIT = 512;
/** How long an idle thread is kept, in milliseconds: WebAssembly memory grows with the largest image and never shrinks. */
const IDLE = 5_000;

let worker: Worker | undefined;
let idle: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs one job in the thread for untrusted data, after those asked for before; the thread does not keep the process alive.
 *
 * Throws: ImageFault with what the parser or codec says, or where it does not end, ends its thread or needs more memory than it may.
 */
export function inImageThread<J extends Job>(job: J, limit = TIME_LIMIT): Promise<ResultOf<J>> {
  const result = last.then(() => run(job, limit));
  last = result.catch(() => undefined);
  return result;
}

async function run<J extends Job>(job: J, limit: number): Promise<ResultOf<J>> {
  clearTimeout(idle);
  const thread = (worker ??= started());
  thread.ref();
  const answer = await answerOf(thread, job, limit).finally(() => thread.unref());
  idle = setTimeout(discard, IDLE).unref();
  if ("result" in answer) return answer.result as ResultOf<J>;
  if (answer.aborted) discard();
  throw new ImageFault(answer.message, answer.next);
}

function started(): Worker {
  const limits = { resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT } };
  // What a discarded thread still reports has no other reader, and an error without one would end the process.
  return startWorker("image-worker", import.meta.url, limits).on("error", () => undefined);
}

function discard(): void {
  void worker?.terminate();
  worker = undefined;
}

function answerOf(thread: Worker, job: Job, limit: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lost = (message: string) => {
      discard();
      settle(() => reject(new ImageFault(message)));
    };
    const events = {
      message: (answer: Answer) => settle(() => resolve(answer)),
      error: (error: NodeJS.ErrnoException) =>
        lost(
          error.code === "ERR_WORKER_OUT_OF_MEMORY"
            ? `its attributes need more than ${HEAP_LIMIT} MB of memory`
            : `the decoder failed: ${error.message}`,
        ),
      exit: () => lost("the decoder ended its thread"),
    };
    const timer = setTimeout(() => lost(`the decoder did not end within ${limit / 1000} s`), limit);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      for (const [name, listener] of Object.entries(events)) thread.off(name, listener);
      act();
    };
    for (const [name, listener] of Object.entries(events)) thread.on(name, listener);
    // A copy in a buffer of its own: a view would send the whole buffer that it looks at.
    const bytes = new Uint8Array(job.bytes);
    thread.postMessage({ ...job, bytes }, [bytes.buffer]);
  });
}
