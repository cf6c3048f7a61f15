import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phantomImage } from "../../../datasets/phantom/forms/images.ts";
import { sampleScene } from "../../../datasets/phantom/world/sample-scene.ts";
import type { Scene } from "../../../datasets/phantom/world/scene.ts";
import { MODALITIES } from "../../../datasets/phantom/world/vocabulary.ts";
import { imageExam } from "../../models/phantom/retrieval/exam/image-exam.ts";
import { textExam } from "../../models/phantom/retrieval/exam/text-exam.ts";
import { loadRetrievalEncoder } from "../../models/phantom/retrieval/load-encoder.ts";
import { sceneSeed } from "../../models/phantom/training/seeds.ts";
import type { ExamineOptions } from "./examine.ts";
import { recallTable } from "./recall-table.ts";
import type { RecallRow } from "./recall-table.ts";

/** Loads a trained encoder like any editor does and measures what it finds on the test split, in equal parts of all modalities. */
export async function measureRecall(
  path: string,
  { seed, images, signal, log }: Omit<ExamineOptions, "device">,
): Promise<RecallRow[]> {
  const scenes = Array.from({ length: images }, (_, i) =>
    sampleScene(sceneSeed(seed, "test", i), { modality: MODALITIES[i % MODALITIES.length] }),
  );
  const folder = await mkdtemp(join(tmpdir(), "medke-recall-"));
  const encoder = await loadRetrievalEncoder(path);
  try {
    const found = [
      ...(await textExam(encoder, scenes, seed)),
      ...(await imageExam(encoder, scenes, seed, {
        picture: (scene: Scene) => phantomImage(scene, "test", folder),
        signal,
        onProgress: (done, total) => log.live(`images ${done}/${total}`),
      })),
    ];
    log.live("");
    return recallTable(found);
  } finally {
    await encoder.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
