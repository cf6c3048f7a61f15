import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KernelClient, type CellMessage } from "../../../kernels/notebook/client.ts";
import { kernelEntry } from "../../../kernels/notebook/kernel-entry.ts";
import type { CellError, CellOutcome } from "../../../kernels/notebook/protocol.ts";

export interface Ran {
  outcome: CellOutcome;
  messages: CellMessage[];
  /** Text of the result, or undefined where the cell had none. */
  result: string | undefined;
  error: CellError | undefined;
  stdout: string;
}

/** A real kernel process over a temporary notebook folder, shared by the tests of one suite. */
export class TestKernel {
  readonly folder = mkdtempSync(join(tmpdir(), "medke-Test-"));
  client!: KernelClient;
  #count = 0;
  #heard: (message: CellMessage) => void = () => {};

  async start(): Promise<void> {
    this.client = await KernelClient.start({ cwd: this.folder, entry: kernelEntry });
  }

  stop(): void {
    this.client?.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  put(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Waits until a cell prints a text. */
  says(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = (message) => {
        if (message.type === "stream" && message.text.includes(text)) resolve();
      };
    });
  }

  async run(code: string, cell = `Cell ${++this.#count}`): Promise<Ran> {
    const messages: CellMessage[] = [];
    const outcome = await this.client.execute(code, {
      cell,
      onMessage: (message) => {
        messages.push(message);
        this.#heard(message);
      },
    });
    const of = <T extends CellMessage["type"]>(type: T) =>
      messages.filter((message): message is Extract<CellMessage, { type: T }> => message.type === type);
    return {
      outcome,
      messages,
      result: of("result")[0]?.data["text/plain"] as string | undefined,
      error: of("error")[0]?.error,
      stdout: of("stream")
        .filter(({ name }) => name === "stdout")
        .map(({ text }) => text)
        .join(""),
    };
  }
}

/** Fails where the work does not end: a kernel that hangs shall not hold up the whole suite. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>(
    (_, reject) => (timer = setTimeout(() => reject(new Error(`no end within ${ms} ms`)), ms)),
  );
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
