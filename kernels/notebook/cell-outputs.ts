import type { IMimeBundle, IOutput } from "@jupyterlab/nbformat";
import type { MimeBundle } from "../display/mime.ts";
import type { CellMessage } from "./client.ts";
import { splitLines } from "./ipynb.ts";

/** Gathers a cell's messages into nbformat outputs: neighbouring stream texts merge, a display id replaces its output in place. */
export class CellOutputs {
  readonly outputs: IOutput[] = [];
  readonly #displays = new Map<string, IOutput>();
  readonly #executionCount: number;
  /** The last text of a stream ended without a line break. */
  #lineIsOpen = false;

  constructor(executionCount: number) {
    this.#executionCount = executionCount;
  }

  add(message: CellMessage): void {
    switch (message.type) {
      case "stream":
        return this.#addStream(message.name, message.text);
      case "display":
        return this.#addDisplay(toNotebookData(message.data), message.displayId);
      case "result":
        this.outputs.push({
          output_type: "execute_result",
          execution_count: this.#executionCount,
          data: toNotebookData(message.data),
          metadata: {},
        });
        return;
      case "error": {
        const { name, message: text, stack } = message.error;
        this.outputs.push({
          output_type: "error",
          ename: name,
          evalue: text,
          traceback: (stack || `${name}: ${text}`).split("\n"),
        });
      }
    }
  }

  #addStream(name: "stdout" | "stderr", text: string): void {
    const last = this.outputs.at(-1);
    const joins = last?.output_type === "stream" && last.name === name;
    const lines = joins ? (last.text as string[]) : [];
    if (!joins) this.outputs.push({ output_type: "stream", name, text: lines });
    // Only the unfinished last line is touched: splitting everything again takes quadratic time.
    const added = splitLines(text);
    if (joins && this.#lineIsOpen && added.length) added[0] = lines.pop()! + added[0];
    for (const line of added) lines.push(line);
    if (text !== "") this.#lineIsOpen = !text.endsWith("\n");
  }

  #addDisplay(data: IMimeBundle, id: string | undefined): void {
    const earlier = id === undefined ? undefined : this.#displays.get(id);
    if (earlier) earlier.data = data;
    else {
      const output: IOutput = { output_type: "display_data", data, metadata: {} };
      this.outputs.push(output);
      if (id !== undefined) this.#displays.set(id, output);
    }
  }
}

/** Text types become lists of lines, as Jupyter writes them; base64 and JSON stay whole. */
function toNotebookData(data: MimeBundle): IMimeBundle {
  const isText = (mime: string) => /^(text\/|image\/svg\+xml$|application\/javascript$)/.test(mime);
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [
      mime,
      typeof value === "string" && isText(mime) ? splitLines(value) : value,
    ]),
  ) as IMimeBundle;
}
