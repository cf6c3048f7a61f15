import { basename } from "node:path";
import * as vscode from "vscode";
import { CellQueue } from "./cell-queue.ts";
import {
  isTypeScriptNotebook,
  NOTEBOOK_TYPE,
  notebookMetadata,
  namesThisKernel,
  withThisKernel,
} from "./kernelspec.ts";
import type { NotebookKernels } from "./notebook-kernels.ts";
import { savedMessage, SavedUntitled } from "./saved-untitled.ts";
import { runCell } from "./run-cell.ts";

export const CONTROLLER_ID = "medke-typescript";

/** Offers the kernel for `.ipynb` notebooks and runs their cells. */
export class MedkeController implements vscode.Disposable {
  readonly #controller: vscode.NotebookController;
  readonly #kernels: NotebookKernels;
  readonly #log: vscode.LogOutputChannel;
  readonly #queues = new WeakMap<vscode.NotebookDocument, CellQueue>();
  readonly #listeners: vscode.Disposable[];
  readonly #unsaved = new SavedUntitled<vscode.NotebookDocument>(
    (notebook) => notebook.getCells().map(({ document }) => document.getText()),
    (untitled, saved) =>
      void vscode.window.showInformationMessage(savedMessage(basename(untitled.uri.path), basename(saved.uri.path))),
  );

  constructor(kernels: NotebookKernels, log: vscode.LogOutputChannel) {
    this.#kernels = kernels;
    this.#log = log;
    this.#controller = vscode.notebooks.createNotebookController(
      CONTROLLER_ID,
      NOTEBOOK_TYPE,
      notebookMetadata.kernelspec.display_name,
    );
    this.#controller.description = "MedKE";
    this.#controller.detail = "TypeScript cells, types across cells";
    this.#controller.supportedLanguages = ["typescript", "javascript"];
    this.#controller.supportsExecutionOrder = true;
    this.#controller.executeHandler = (cells, notebook) => this.#execute(cells, notebook);
    this.#controller.interruptHandler = (notebook) => this.interrupt(notebook);
    this.#listeners = [
      this.#controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => this.#selected(notebook, selected)),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#opened(notebook)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#closed(notebook)),
    ];
    vscode.workspace.notebookDocuments.forEach((notebook) => this.#opened(notebook));
  }

  /** Stops the running cell and drops those that wait. */
  async interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    this.#queues.get(notebook)?.dropWaiting();
    await this.#kernels.find(notebook)?.interrupt();
  }

  /** Replaces the kernel process by a fresh one and says what is lost; a failure to start is told by the session. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    this.#queues.get(notebook)?.dropWaiting();
    const started = await this.#kernels.for(notebook).restart();
    if (!started) return;
    const name = basename(notebook.uri.path);
    void vscode.window.showInformationMessage(
      `${name}: the kernel was restarted. All variables are lost; run the notebook from the start.`,
    );
  }

  dispose(): void {
    vscode.Disposable.from(...this.#listeners, this.#controller).dispose();
  }

  #execute(cells: vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    let queue = this.#queues.get(notebook);
    if (!queue)
      this.#queues.set(
        notebook,
        (queue = new CellQueue((execution) => runCell(execution, this.#kernels.for(notebook), this.#log))),
      );
    return queue.add(cells.map((cell) => this.#controller.createNotebookCellExecution(cell)));
  }

  #closed(notebook: vscode.NotebookDocument): void {
    if (notebook.isUntitled && this.#kernels.find(notebook)?.hasRun) this.#unsaved.closed(notebook);
    this.#kernels.close(notebook);
  }

  #opened(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType === NOTEBOOK_TYPE && !notebook.isUntitled) this.#unsaved.opened(notebook);
    if (notebook.notebookType !== NOTEBOOK_TYPE || !isTypeScriptNotebook(notebook.metadata)) return;
    this.#controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
    // The first cell need not wait for a process that starts while the user still reads.
    if (namesThisKernel(notebook.metadata)) this.#kernels.for(notebook).warmUp();
  }

  #selected(notebook: vscode.NotebookDocument, selected: boolean): void {
    if (!selected) return this.#kernels.close(notebook);
    this.#kernels.for(notebook).warmUp();
    if (namesThisKernel(notebook.metadata)) return;
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata(withThisKernel(notebook.metadata))]);
    vscode.workspace
      .applyEdit(edit)
      .then(undefined, (error) => this.#log.error("The notebook's kernel could not be noted.", error));
  }
}
