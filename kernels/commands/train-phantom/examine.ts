import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phantomImage } from "../../../datasets/phantom/forms/images.ts";
import type { ImageRef } from "../../../datasets/case.ts";
import type { Scene } from "../../../datasets/phantom/world/scene.ts";
import { loadModel } from "../../models/load-model.ts";
import { examPaper } from "../../models/phantom/exam/exam-paper.ts";
import { questionOnly } from "../../models/phantom/exam/question-only.ts";
import { sitExam } from "../../models/phantom/exam/sit-exam.ts";
import type { DeviceChoice } from "../../runtime/device.ts";
import { examTable } from "./exam-table.ts";
import type { ExamRow } from "./exam-table.ts";
import type { TrainingLog } from "./training-log.ts";

export interface ExamineOptions {
  seed: number;
  images: number;
  device: DeviceChoice;
  signal?: AbortSignal;
  log: Pick<TrainingLog, "live">;
}

/** Loads a trained model like any other and has it answer the whole paper. */
export async function examine(path: string, { seed, images, device, signal, log }: ExamineOptions): Promise<ExamRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "medke-exam-"));
  const model = await loadModel(path, { device, signal });
  try {
    const known = new Map<Scene, Promise<ImageRef>>();
    const image = (scene: Scene) => {
      if (!known.has(scene)) known.set(scene, phantomImage(scene, `test ${known.size}`, folder));
      return known.get(scene)!;
    };
    const answered = await sitExam(model, examPaper(seed, images), {
      image,
      signal,
      onProgress: (done, total) => log.live(`questions ${done}/${total}`),
    });
    log.live("");
    return examTable(answered, questionOnly(seed));
  } finally {
    await model.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
