import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SETTINGS } from "../../models/phantom/retrieval/training/settings.ts";
import { trainPhantom } from "../../models/phantom/training/train-phantom.ts";
import { trainRetrieval } from "../../models/phantom/retrieval/training/train-retrieval.ts";
import { writeEncoder } from "../../models/phantom/retrieval/write-encoder.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { textTable } from "../text-table.ts";
import { measureRecall } from "./measure-recall.ts";
import type { StageOptions } from "./model-stage.ts";
import { RECALL_HEAD, recallCells, recallMarkdown } from "./recall-table.ts";

/** Minutes of a full run of everything: with fewer, the encoder takes its share of its steps. */
const FULL_MINUTES = 90;
const FEWEST_STEPS = 20;

/** Trains the retrieval encoder behind the model's vision stage, writes it to `retrieval` in the folder and measures it. */
export async function retrievalStage(runtime: Runtime, options: StageOptions): Promise<void> {
  const { out, seed, minutes = FULL_MINUTES, images, signal, log } = options;
  const share = Math.min(1, minutes / FULL_MINUTES);
  // Of the model it needs the vision stage, which is trained now unless the folder holds it already.
  const seen = await trainPhantom(runtime, {
    folder: join(out, "training"),
    seed,
    minutes: options.minutes,
    until: "vision",
    signal,
    onStep: (step) => log.step(step),
  });
  const weights = await trainRetrieval(runtime, {
    seen,
    folder: join(out, "training", "retrieval"),
    seed,
    steps: Math.max(FEWEST_STEPS, Math.round(SETTINGS.steps * share)),
    signal,
    onStep: (step) => log.step({ stage: "retrieval", ...step }),
  });
  const folder = join(out, "retrieval");
  await writeEncoder(folder, weights);
  log.line(`wrote the retrieval encoder after ${log.minutes} minutes of this run`);
  const rows = await measureRecall(folder, { seed, images, signal, log });
  await writeFile(join(out, "retrieval.md"), `${recallMarkdown(rows)}\n`);
  await writeFile(join(out, "retrieval.json"), `${JSON.stringify(rows, null, 1)}\n`);
  log.line(`\n${textTable(RECALL_HEAD, rows.map(recallCells))}`);
}
