// The kernel process of one notebook. A host starts it with an IPC channel (messages of protocol.ts) and a pipe on descriptor 4 for
// interrupt requests; the working directory is the notebook's folder. It ends with its host.
import { fstatSync, writeSync } from "node:fs";
import ts from "typescript";
import { toCellError } from "./core/cell-error.ts";
import { medkeVersion } from "../evaluation/medke-version.ts";
import { InterruptFlags } from "./core/interrupt-flags.ts";
import { Kernel } from "./core/kernel.ts";
import { INTERRUPT_FD } from "./interrupt-channel.ts";
import { startWorker } from "../start-worker.ts";
import type { CellOutcome, KernelMessage, KernelRequest } from "./protocol.ts";

const send = (message: KernelMessage) =>
  void (process.connected && process.send!(message, undefined, undefined, () => {}));
const flags = new InterruptFlags();
const kernel = new Kernel(process.cwd(), flags, send);
listenForInterrupts();

let queue = Promise.resolve();
process.on("message", (request: KernelRequest) => {
  if (request.type === "execute") queue = queue.then(() => execute(request.id, request.cell, request.code));
  else if (request.type === "complete")
    send({ type: "completions", id: request.id, items: kernel.complete(request.code, request.offset) });
  else if (request.type === "hover")
    send({ type: "hover-info", id: request.id, ...kernel.hover(request.code, request.offset) });
  else process.exit(0);
});
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches every process of the group. The host decides what it means, and asks this process to stop.
process.on("SIGINT", () => {});
send({ type: "ready", versions: { medke: medkeVersion, node: process.version, typescript: ts.version } });
setImmediate(() => kernel.warmUp());

/** Never rejects, and always tells that the cell is done: otherwise every later cell would wait for ever. */
async function execute(id: string, cell: string, code: string): Promise<void> {
  let outcome: CellOutcome = "error";
  try {
    outcome = await kernel.execute(id, cell, code);
  } catch (error) {
    send({ type: "error", id, error: toCellError(error) });
  } finally {
    send({ type: "done", id, outcome });
  }
}

function listenForInterrupts(): void {
  try {
    fstatSync(INTERRUPT_FD);
  } catch {
    return; // this host offers no interrupts
  }
  const worker = startWorker("interrupt-worker", import.meta.url, { workerData: flags.words.buffer });
  worker.unref();
  // Past the captured streams: this is for the host's log, not for a cell.
  worker.on("error", (error) => writeSync(2, `internal: the interrupt thread ended: ${error.stack}\n`));
  worker.on("message", ({ slot, request }: { slot: number; request: number }) => {
    flags.acknowledge(request);
    kernel.interrupt(slot);
  });
}
