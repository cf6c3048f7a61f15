/** Longest wait for a run at exit. Whoever exits in the middle of one wants to be gone soon. */
const LONGEST_WAIT = 30_000;

const guards = new Set<Int32Array>();
let listening = false;

/**
 * Lets the process exit in the middle of a run. A worker thread that is ended inside the engine's code brings the whole process down
 * with an abort, and the exit code with it; so at exit the main thread waits until the engine has returned.
 *
 * The flag is 1 from the moment that a request is sent until the engine is done with it; the worker clears it.
 */
export class ExitGuard {
  readonly flag = new Int32Array(new SharedArrayBuffer(4));

  constructor() {
    guards.add(this.flag);
    if (!listening) process.on("exit", waitForAll);
    listening = true;
  }

  raise(): void {
    Atomics.store(this.flag, 0, 1);
  }

  /** The worker is gone, or asked to go while it was idle. */
  drop(): void {
    guards.delete(this.flag);
  }
}

/** Called in the worker when the engine has returned, before the reply: the next request raises the flag again. */
export function clearFlag(flag: Int32Array): void {
  Atomics.store(flag, 0, 0);
  Atomics.notify(flag, 0);
}

function waitForAll(): void {
  const end = Date.now() + LONGEST_WAIT;
  for (const flag of guards) Atomics.wait(flag, 0, 1, Math.max(0, end - Date.now()));
}
