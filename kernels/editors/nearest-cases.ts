import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";

/** The `count` cases of the corpus whose questions are nearest to the edited one, nearest first. Ties keep the corpus order. */
export async function nearestCases(
  model: EditableModel,
  edited: EditCase,
  corpus: readonly EditCase[],
  count: number,
  signal?: AbortSignal,
): Promise<EditCase[]> {
  if (count === 0 || corpus.length === 0) return [];
  const query = await model.embedText(edited.question);
  const scored = [];
  for (const candidate of corpus) {
    throwIfCancelled(signal, "choosing demonstrations");
    scored.push({ candidate, score: cosine(query, await model.embedText(candidate.question)) });
  }
  scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, count).map(({ candidate }) => candidate);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa && bb ? ab / Math.sqrt(aa * bb) : 0;
}
