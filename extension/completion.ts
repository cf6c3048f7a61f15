import * as vscode from "vscode";
import { completionKind } from "./completion-kind.ts";
import type { NotebookKernels } from "./notebook-kernels.ts";
import { within } from "./within.ts";

const LIMIT_MS = 1500;

/** Offers what earlier cells defined; VS Code's own TypeScript sees one cell at a time. */
export class KernelCompletion implements vscode.CompletionItemProvider {
  readonly #kernels: NotebookKernels;

  constructor(kernels: NotebookKernels) {
    this.#kernels = kernels;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ) {
    const kernel = this.#kernels.ready(document);
    if (!kernel) return undefined;
    const found = await within(
      LIMIT_MS,
      token,
      kernel.complete(document.getText(), document.offsetAt(position)).catch(() => []),
    );
    if (!found) return undefined;
    return found.map(({ label, kind, sortText }) => {
      const item = new vscode.CompletionItem({ label, description: "medke" }, completionKind(kind));
      item.sortText = sortText;
      return item;
    });
  }
}
