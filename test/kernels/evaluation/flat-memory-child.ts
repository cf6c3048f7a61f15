// node --expose-gc --import tsx flat-memory-child.ts: evaluates a stream of cases and prints, as JSON, megabytes alive after some of them.
import { setTimeout } from "node:timers/promises";
import type { EditCase } from "../../../datasets/case.ts";
import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import { tableCases } from "./table-cases.ts";
import { noOp, TableModel } from "./table-model.ts";

const AT = [1_000, 10_000, 20_000];

/** One case after another, none of which is held; each asks what no other asks. */
async function* stream(): AsyncGenerator<EditCase> {
  const [one] = tableCases(1);
  for (let i = 0; i < AT.at(-1)!; i++) {
    const own = (text: string) => `${text} (record ${i})`;
    const probes = one.probes.map((probe) => ({ ...probe, question: own(probe.question) }));
    yield {
      ...one,
      id: own(one.id),
      image: { id: `${i}.png`, path: `/${i}.png` },
      question: own(one.question),
      probes,
    };
  }
}

const [heap, buffers]: number[][] = [[], []];
let finished = 0;
const { rows } = await evaluate({
  model: new TableModel({}),
  editor: noOp,
  cases: stream(),
  details: false,
  onProgress: () => {},
  onCase: () => {
    if (!AT.includes(++finished)) return;
    (globalThis as unknown as { gc(): void }).gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heap.push(heapUsed / 2 ** 20);
    buffers.push(arrayBuffers / 2 ** 20);
  },
});
await setTimeout(0);
console.log(JSON.stringify({ finished, heap, buffers, n: rows[0].n }));
