import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";

/**
 * The `count` cases of the corpus whose questions are nearest to an edited one (to the nearest, where there are several), nearest first.
 * Ties keep the corpus order.
 */
export async function nearestCases(
  model: EditableModel,
  edited: readonly EditCase[],
  corpus: readonly EditCase[],
  count: number,
  signal?: AbortSignal,
): Promise<EditCase[]> {
  if (count === 0 || corpus.length === 0) return [];
  const queries: Float32Array[] = [];
  for (const { question } of edited) queries.push(await model.embedText(question));
  const scored = [];
  for (const candidate of corpus) {
    throwIfCancelled(signal, "choosing demonstrations");
    const own = await model.embedText(candidate.question);
    scored.push({ candidate, score: Math.max(...queries.map((query) => cosine(query, own))) });
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
