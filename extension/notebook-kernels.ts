import * as vscode from "vscode";
import type { KernelClient } from "../kernels/notebook/client.ts";
import { kernelLaunch } from "./kernel-launch.ts";
import { reportFailures } from "./kernel-failure.ts";
import { KernelSession } from "./kernel-session.ts";

/** One kernel session a notebook; closing the notebook ends its process. */
export class NotebookKernels implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Map<vscode.NotebookDocument, KernelSession>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when any session appears, disappears or changes. */
  readonly onDidChange = this.#changed.event;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** The notebook's session, made when there is none; its process starts when it is asked to. */
  for(notebook: vscode.NotebookDocument): KernelSession {
    const known = this.#sessions.get(notebook);
    if (known) return known;
    const session = new KernelSession(() => kernelLaunch(notebook), this.#log);
    session.on("change", () => this.#changed.fire());
    reportFailures(session, notebook);
    this.#sessions.set(notebook, session);
    this.#changed.fire();
    return session;
  }

  find(notebook: vscode.NotebookDocument | undefined): KernelSession | undefined {
    return notebook && this.#sessions.get(notebook);
  }

  /** The kernel of the notebook that this cell's text belongs to, if it is ready now. */
  ready(cell: vscode.TextDocument): KernelClient | undefined {
    for (const [notebook, session] of this.#sessions)
      if (notebook.getCells().some(({ document }) => document === cell)) return session.ready;
    return undefined;
  }

  close(notebook: vscode.NotebookDocument): void {
    const session = this.#sessions.get(notebook);
    if (!session) return;
    this.#sessions.delete(notebook);
    session.dispose();
    this.#changed.fire();
  }

  dispose(): void {
    for (const notebook of [...this.#sessions.keys()]) this.close(notebook);
    this.#changed.dispose();
  }
}
