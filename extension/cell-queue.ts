import type { NotebookCellExecution } from "vscode";

/** Runs one notebook's cells one after the other; the first failure drops the cells that still wait. */
export class CellQueue {
  readonly #run: (execution: NotebookCellExecution) => Promise<boolean>;
  #waiting: NotebookCellExecution[] = [];
  #running: Promise<void> | undefined;

  /** `run` ends the execution that it is given and says whether the cell succeeded. */
  constructor(run: (execution: NotebookCellExecution) => Promise<boolean>) {
    this.#run = run;
  }

  /** Resolves when the queue is empty. */
  add(executions: NotebookCellExecution[]): Promise<void> {
    this.#waiting.push(...executions);
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Ends the cells that wait, as neither succeeded nor failed; the running one goes on. */
  dropWaiting(): void {
    for (const execution of this.#waiting.splice(0)) {
      execution.start();
      execution.end(undefined);
    }
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      if (!(await this.#run(next))) this.dropWaiting();
  }
}
