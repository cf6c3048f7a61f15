import * as vscode from "vscode";
import type { CellError, KernelMessage } from "../kernels/notebook/protocol.ts";
import { mimeItems } from "./mime-item.ts";

/** Writes one running cell's messages into its outputs. */
export class CellOutputs {
  readonly #execution: vscode.NotebookCellExecution;
  readonly #byDisplayId = new Map<string, vscode.NotebookCellOutput>();
  /** The stream output at the end of the cell, which further text of the same stream joins. */
  #stream: { name: "stdout" | "stderr"; output: vscode.NotebookCellOutput } | undefined;

  constructor(execution: vscode.NotebookCellExecution) {
    this.#execution = execution;
  }

  async write(message: KernelMessage): Promise<void> {
    if (message.type === "stream") await this.#writeStream(message.name, message.text);
    else if (message.type === "display") await this.#display(items(message.data), message.displayId);
    else if (message.type === "result")
      await this.#append(items(message.data), "execute_result", { executionCount: this.#execution.executionOrder });
    else if (message.type === "error") await this.#append([errorItem(message.error)], "error");
  }

  async #writeStream(name: "stdout" | "stderr", text: string): Promise<void> {
    const item = vscode.NotebookCellOutputItem[name](text);
    if (this.#stream?.name === name) return this.#execution.appendOutputItems(item, this.#stream.output);
    const output = new vscode.NotebookCellOutput([item], { outputType: "stream" });
    this.#stream = { name, output };
    await this.#execution.appendOutput(output);
  }

  async #display(forms: vscode.NotebookCellOutputItem[], displayId: string | undefined): Promise<void> {
    const earlier = displayId === undefined ? undefined : this.#byDisplayId.get(displayId);
    if (earlier) return this.#execution.replaceOutputItems(forms, earlier);
    const output = await this.#append(forms, "display_data");
    if (displayId !== undefined) this.#byDisplayId.set(displayId, output);
  }

  /** `outputType` and `more` are what the saved file needs beyond the forms. */
  async #append(
    forms: vscode.NotebookCellOutputItem[],
    outputType: string,
    more = {},
  ): Promise<vscode.NotebookCellOutput> {
    this.#stream = undefined;
    const output = new vscode.NotebookCellOutput(forms, { outputType, ...more });
    await this.#execution.appendOutput(output);
    return output;
  }
}

function items(bundle: Record<string, unknown>): vscode.NotebookCellOutputItem[] {
  return mimeItems(bundle).map(({ mime, data }) => new vscode.NotebookCellOutputItem(data, mime));
}

/** VS Code shows the stack alone where there is one, so the stack starts with the message. */
export function errorItem({ name, message, stack }: CellError): vscode.NotebookCellOutputItem {
  const head = name ? `${name}: ${message}` : message;
  return vscode.NotebookCellOutputItem.error({
    name,
    message,
    stack: stack.startsWith(head) ? stack : `${head}\n${stack}`.trimEnd(),
  });
}
