/**
 * Errors that reach the process instead of a cell: exceptions in timers and event handlers, and rejections that nobody handles.
 * A rejection counts only if it is still unhandled when it is asked for, because a cell may await it later.
 */
export class UnhandledErrors {
  readonly #rejections = new Map<Promise<unknown>, unknown>();

  /** `onError` gets an exception at once, a rejection only while `isIdle()`: no cell runs that may handle it yet. */
  constructor(onError: (error: unknown) => void, isIdle: () => boolean) {
    process.on("uncaughtException", onError);
    process.on("unhandledRejection", (reason, promise) => {
      if (isIdle()) onError(reason);
      else this.#rejections.set(promise, reason);
    });
    process.on("rejectionHandled", (promise) => this.#rejections.delete(promise));
  }

  /** The rejections that are unhandled now; they are not told again. */
  takeRejections(): unknown[] {
    const reasons = [...this.#rejections.values()];
    this.#rejections.clear();
    return reasons;
  }
}
