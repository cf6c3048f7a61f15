// node --import tsx crash-child.ts FOLDER N WHERE AFTER [PROTOCOL]: runs a plan and kills itself with SIGKILL at a fail point (or never: "none").
// Writes one byte to FOLDER/starts for every edit that starts, and one letter to FOLDER/kills for its own death.
import { appendFileSync, mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { runPlan } from "../../../kernels/runs/run.ts";
import { openPart } from "../../../kernels/runs/part-writer.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { entry, tableEditor, TableModel } from "../evaluation/table-model.ts";

const [folder, n, where, after, protocol = "single"] = process.argv.slice(2);
const cases = tableCases(Number(n));
mkdirSync(folder, { recursive: true });

let steps = 0;
function failPoint(name: string, before?: () => void): void {
  if (name !== where || ++steps <= Number(after)) return;
  before?.();
  appendFileSync(join(folder, "kills"), name === "appended" ? "a" : "b");
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

const editor = tableEditor("oracle", ({ probes }) => {
  appendFileSync(join(folder, "starts"), ".");
  failPoint("started");
  return Object.fromEntries(
    probes.flatMap((probe) => ("answer" in probe.expect ? [[entry(probe), probe.expect.answer]] : [])),
  );
});

function write(fd: number, bytes: Buffer): number {
  failPoint("computed");
  failPoint("mid-append", () => writeSync(fd, bytes.subarray(0, 1 + ((steps * 7919) % (bytes.length - 1)))));
  const written = writeSync(fd, bytes);
  failPoint("appended");
  return written;
}

await runPlan({
  folder,
  models: [{ model: new TableModel(baseTable(cases), [], undefined, 4) }],
  editors: [editor],
  cases,
  protocols: [protocol],
  open: (at, options) => openPart(at, { ...options, write }),
});
