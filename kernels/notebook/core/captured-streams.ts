import { StringDecoder } from "node:string_decoder";

type StreamName = "stdout" | "stderr";
const QUIET_MS = 40;
const MAX_CHARACTERS = 1 << 16;

/**
 * Takes over `process.stdout` and `process.stderr`, and hands their text on in order.
 *
 * The first text after a quiet moment goes out at once, so that a busy loop shows a sign of life; what follows is gathered for 40 ms,
 * so that ten thousand `console.log` calls make a few messages. Text that native code writes to the descriptors is not seen.
 */
export class CapturedStreams {
  readonly #emit: (name: StreamName, text: string) => void;
  #name: StreamName = "stdout";
  #parts: string[] = [];
  #length = 0;
  #flushed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(emit: (name: StreamName, text: string) => void) {
    this.#emit = emit;
    this.#takeOver("stdout");
    this.#takeOver("stderr");
    process.on("exit", () => this.flush());
  }

  /** Hands on what was gathered; called before every other message, which keeps the order. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#length === 0) return;
    const text = this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    this.#flushed = performance.now();
    this.#emit(this.#name, text);
  }

  #takeOver(name: StreamName): void {
    const decoder = new StringDecoder("utf8");
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      this.#add(name, typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk)));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }

  #add(name: StreamName, text: string): void {
    if (text === "") return;
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length >= MAX_CHARACTERS || performance.now() - this.#flushed > QUIET_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), QUIET_MS);
  }
}
