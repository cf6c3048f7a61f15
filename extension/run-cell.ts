import type { LogOutputChannel, NotebookCell, NotebookCellExecution } from "vscode";
import { cellLabel } from "../kernels/notebook/cell-label.ts";
import type { CellMessage } from "../kernels/notebook/client.ts";
import type { CellError } from "../kernels/notebook/protocol.ts";
import type { KernelSession } from "./kernel-session.ts";
import { MessageQueue } from "./message-queue.ts";
import { CellOutputs } from "./outputs.ts";

const RESTARTED: CellError = {
  name: "KernelRestarted",
  message: "The kernel was restarted while this cell ran. All variables are lost; run the notebook from the start.",
  stack: "",
};

/** Runs one cell from start to end mark. Never throws: whatever went wrong stands in the cell's output. */
export async function runCell(
  execution: NotebookCellExecution,
  session: KernelSession,
  log: LogOutputChannel,
): Promise<boolean> {
  execution.executionOrder = session.nextExecutionOrder();
  execution.start(Date.now());
  await execution.clearOutput();
  const outputs = new CellOutputs(execution);
  const queue = new MessageQueue(
    (message) => outputs.write(message),
    (error) => log.error("An output could not be shown.", error as Error),
  );
  const cell = cellLabel(codeCellIndex(execution.cell));
  let ended = false;
  let explained = false;
  const onMessage = (message: CellMessage) => {
    // Outputs belong to the execution; what a timer prints after its end has no place in the notebook.
    if (ended) return logLate(log, cell, message);
    explained ||= message.type === "error";
    queue.push(message);
  };
  let succeeded = false;
  try {
    succeeded = (await session.execute(execution.cell.document.getText(), { cell, onMessage })) === "ok";
    if (!succeeded && !explained) queue.push({ type: "error", id: "", error: RESTARTED });
  } catch (error) {
    const { name, message } = error as Error;
    queue.push({ type: "error", id: "", error: { name, message, stack: "" } });
  }
  await queue.drained();
  ended = true;
  execution.end(succeeded, Date.now());
  return succeeded;
}

function codeCellIndex(cell: NotebookCell): number {
  const before = cell.notebook.getCells().slice(0, cell.index);
  return before.filter(({ kind }) => kind === cell.kind).length;
}

function logLate(log: LogOutputChannel, cell: string, message: CellMessage): void {
  if (message.type === "stream") log.info(`${cell}, after its end: ${message.text.trimEnd()}`);
  else if (message.type === "error")
    log.error(`${cell}, after its end: ${message.error.stack || message.error.message}`);
}
