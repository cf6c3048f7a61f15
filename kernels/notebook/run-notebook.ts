import type { ICodeCell, INotebookContent } from "@jupyterlab/nbformat";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cellLabel } from "./cell-label.ts";
import { CellOutputs } from "./cell-outputs.ts";
import { KernelClient, type CellMessage } from "./client.ts";
import { notebookPage } from "./html/notebook-page.ts";
import { isCodeCell, joinLines, NotebookFileError, notebookLanguage, readNotebook, writeNotebook } from "./ipynb.ts";
import { kernelEntry } from "./kernel-entry.ts";
import type { CellError, CellOutcome } from "./protocol.ts";

export interface RunNotebookOptions {
  /** The notebook; its folder is the cells' working directory. */
  path: string;
  /** Where the executed notebook goes. */
  out?: string;
  /** Where the page goes: one file that needs no network. */
  html?: string;
  signal?: AbortSignal;
  onCell?: (event: CellEvent) => void;
  /** The kernel process's script. Default: the one that ships with this code. */
  entry?: string;
  env?: Record<string, string>;
}

/** A cell begins, says something, or is through. `index` counts code cells from 0. */
export type CellEvent = { index: number; total: number; label: string } & (
  { type: "start"; code: string } | { type: "message"; message: CellMessage } | { type: "end"; outcome: CellOutcome }
);

export interface RunNotebookResult {
  ok: boolean;
  /** Code cells that ran, the failing one included. */
  ran: number;
  total: number;
  /** The first failure; later cells did not run. */
  failure?: { cell: string; outcome: CellOutcome; error: CellError };
  notebook: INotebookContent;
}

/**
 * Runs all code cells of a notebook, top to bottom, in a fresh kernel. The first failing cell ends the run; the files are written all
 * the same, so that the failure can be read in them. No times are recorded: the same outputs make the same file.
 *
 * Throws: NotebookFileError for a file that is no TypeScript notebook, KernelStartError where no kernel starts.
 */
export async function runNotebook(options: RunNotebookOptions): Promise<RunNotebookResult> {
  const path = resolve(options.path);
  const notebook = readNotebook(path);
  const language = notebookLanguage(notebook);
  if (language !== undefined && language !== "typescript" && language !== "javascript")
    throw new NotebookFileError(
      `${options.path}: a ${language} notebook. medke runs TypeScript cells; choose another notebook.`,
    );

  const cells = notebook.cells.filter(isCodeCell);
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const client = await KernelClient.start({
    cwd: dirname(path),
    entry: options.entry ?? kernelEntry,
    ...(options.env && { env: options.env }),
  }).catch((error: unknown) => {
    // Ctrl-C ends a process that is not ready yet: the request to stop is the reason, not the process.
    if (!options.signal?.aborted) throw error;
  });
  const result: RunNotebookResult = { ok: true, ran: 0, total: cells.length, notebook };
  if (!client) return { ...result, ok: false, failure: { cell: cellLabel(0), outcome: "interrupted", error: STOPPED } };
  // A kernel that must be replaced, but is closed meanwhile, rejects: the run is over by then.
  const stop = () => void client.interrupt().catch(() => {});
  options.signal?.addEventListener("abort", stop);
  try {
    for (const [index, cell] of cells.entries()) {
      const failure = await runCell(client, cell, { index, total: cells.length, label: cellLabel(index) }, options);
      result.ran++;
      if (!failure) continue;
      Object.assign(result, { ok: false, failure });
      break;
    }
  } finally {
    options.signal?.removeEventListener("abort", stop);
    client.dispose();
  }
  if (options.out !== undefined) writeNotebook(resolve(options.out), notebook);
  if (options.html !== undefined) writeText(resolve(options.html), notebookPage(notebook, basename(path, ".ipynb")));
  return result;
}

type Place = { index: number; total: number; label: string };

async function runCell(
  client: KernelClient,
  cell: ICodeCell,
  place: Place,
  { signal, onCell }: RunNotebookOptions,
): Promise<RunNotebookResult["failure"]> {
  const code = joinLines(cell.source);
  if (signal?.aborted) return { cell: place.label, outcome: "interrupted", error: STOPPED };
  if (code.trim() === "" || !isForThisKernel(cell)) return undefined;
  onCell?.({ ...place, type: "start", code });
  const executionCount = place.index + 1;
  const collected = new CellOutputs(executionCount);
  let error: CellError | undefined;
  const onMessage = (message: CellMessage) => {
    collected.add(message);
    if (message.type === "error") error ??= message.error;
    onCell?.({ ...place, type: "message", message });
  };
  const outcome = await client.execute(code, { cell: place.label, onMessage });
  // The same list, so that the output of timers that fire during later cells still arrives in the file.
  Object.assign(cell, { outputs: collected.outputs, execution_count: executionCount });
  onCell?.({ ...place, type: "end", outcome });
  if (outcome === "ok") return undefined;
  // A request to stop may also hit what the cell had started (Ctrl-C in a terminal does), which then fails in its own way, and that may
  // be heard of before the request itself is.
  if (signal) await delay(50);
  return { cell: place.label, outcome: signal?.aborted ? "interrupted" : outcome, error: error ?? STOPPED };
}

const STOPPED: CellError = { name: "Interrupted", message: "The run was stopped.", stack: "" };

/** VS Code notes the language of a cell that differs from the notebook's: a shell or Python cell is not ours to run. */
function isForThisKernel(cell: ICodeCell): boolean {
  const { languageId } = (cell.metadata["vscode"] ?? {}) as { languageId?: string };
  return languageId === undefined || languageId === "typescript" || languageId === "javascript";
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
