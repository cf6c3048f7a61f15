import * as vscode from "vscode";
import type { NotebookKernels } from "./notebook-kernels.ts";
import { within } from "./within.ts";

const LIMIT_MS = 1500;

/** Shows types and documentation of names from earlier cells. */
export class KernelHover implements vscode.HoverProvider {
  readonly #kernels: NotebookKernels;

  constructor(kernels: NotebookKernels) {
    this.#kernels = kernels;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken) {
    const kernel = this.#kernels.ready(document);
    if (!kernel) return undefined;
    const found = await within(
      LIMIT_MS,
      token,
      kernel.hover(document.getText(), document.offsetAt(position)).catch(() => undefined),
    );
    if (!found?.signature) return undefined;
    const text = new vscode.MarkdownString().appendCodeblock(found.signature, "typescript");
    if (found.documentation) text.appendMarkdown(found.documentation);
    return new vscode.Hover(text);
  }
}
