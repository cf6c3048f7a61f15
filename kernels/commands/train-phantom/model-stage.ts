import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { trainPhantom } from "../../models/phantom/training/train-phantom.ts";
import { writeModel } from "../../models/phantom/write-model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { textTable } from "../text-table.ts";
import { EXAM_HEAD, examCells, examMarkdown } from "./exam-table.ts";
import { examine } from "./examine.ts";
import type { ExamineOptions } from "./examine.ts";
import type { TrainingLog } from "./training-log.ts";

export interface StageOptions extends ExamineOptions {
  /** Folder of a run. */
  out: string;
  minutes?: number;
  log: TrainingLog;
}

/** Trains the model, writes it to `model` in the folder and examines it. */
export async function modelStage(runtime: Runtime, options: StageOptions): Promise<void> {
  const { out, seed, minutes, images, device, signal, log } = options;
  const weights = await trainPhantom(runtime, {
    folder: join(out, "training"),
    seed,
    minutes,
    signal,
    onStep: (step) => log.step(step),
  });
  const model = join(out, "model");
  await writeModel(model, weights);
  log.line(`wrote the model after ${log.minutes} minutes of this run`);
  const rows = await examine(model, { seed, images, device, signal, log });
  await writeFile(join(out, "accuracy.md"), `${examMarkdown(rows)}\n`);
  await writeFile(join(out, "accuracy.json"), `${JSON.stringify(rows, null, 1)}\n`);
  log.line(`\n${textTable(EXAM_HEAD, rows.map(examCells))}`);
}
