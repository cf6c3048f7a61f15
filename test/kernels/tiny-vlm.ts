import { vqaRadCases } from "../../datasets/vqa-rad/cases.ts";
import { loadModel } from "../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../kernels/models/vision-language-model.ts";
import { shared } from "../shared-data.ts";

/** Test data that the real model's tests need. */
export const TINY_VLM = ["models/vqarad-tiny-vlm", "data/vqa-rad/trainset.json"];

export const loadTinyVlm = (): Promise<VisionLanguageModel> =>
  loadModel(shared("models/vqarad-tiny-vlm"), { device: "cpu" });

/** Real edit cases for the model, drawn with seed 0. */
export async function tinyCases(model: VisionLanguageModel, limit: number) {
  const answer = (image: Parameters<typeof model.answer>[0]["image"], question: string) =>
    model.answer({ image, question });
  return (await vqaRadCases({ folder: shared("data/vqa-rad"), answer, limit, seed: 0 })).cases;
}
