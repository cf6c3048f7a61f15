import type { KernelMessage } from "../kernels/notebook/protocol.ts";

/**
 * Hands a cell's messages to `handle` one after the other, in the order in which the kernel sent them.
 *
 * Text that arrives for the stream at the end of the queue is joined to it: every output change costs a round trip to the window, and
 * a cell that prints in a loop would otherwise take minutes to show.
 */
export class MessageQueue {
  readonly #handle: (message: KernelMessage) => PromiseLike<void>;
  readonly #failed: (error: unknown) => void;
  readonly #waiting: KernelMessage[] = [];
  #drained: Promise<void> = Promise.resolve();
  #draining = false;

  /** `failed` hears of a message that could not be handled; the ones after it are handled all the same. */
  constructor(handle: (message: KernelMessage) => PromiseLike<void>, failed: (error: unknown) => void) {
    this.#handle = handle;
    this.#failed = failed;
  }

  push(message: KernelMessage): void {
    const last = this.#waiting.at(-1);
    if (message.type === "stream" && last?.type === "stream" && last.name === message.name) {
      this.#waiting[this.#waiting.length - 1] = { ...last, text: last.text + message.text };
      return;
    }
    this.#waiting.push(message);
    if (!this.#draining) this.#drained = this.#drain();
  }

  /** Resolves when everything pushed so far has been handled. */
  drained(): Promise<void> {
    return this.#drained;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let message = this.#waiting.shift(); message; message = this.#waiting.shift()) {
      try {
        await this.#handle(message);
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#draining = false;
  }
}
