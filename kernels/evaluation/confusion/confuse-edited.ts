import type { ConfusionPair } from "../../../datasets/confusion-pair.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { contentHash } from "../content-hash.ts";
import type { Kept } from "../kept.ts";
import { type ConfusionOptions, evaluateConfusion } from "./evaluate-confusion.ts";
import type { ConfusionEvaluation } from "./result.ts";

/** Pairs to ask before and after edits, and how. */
export interface ConfusionPlan extends Omit<ConfusionOptions, "seed" | "signal" | "onProgress"> {
  pairs: readonly ConfusionPair[];
}

/** What pairs got on the base model, and with `edits` cases edited. */
export interface ConfusionChange {
  edits: number;
  before: ConfusionEvaluation;
  after: ConfusionEvaluation;
}

/**
 * Asks the pairs about a view, unless `kept` holds the answers. `state` is the hash of everything that decides what the view answers.
 *
 * A judge is not part of the key: replies are judged once. Throws: what `evaluateConfusion` throws.
 */
export async function confuseEdited(
  view: EditableModel,
  state: string,
  { pairs, ...how }: ConfusionPlan,
  options: Pick<ConfusionOptions, "seed" | "signal" | "onProgress"> & { kept?: Kept<ConfusionEvaluation> },
): Promise<ConfusionEvaluation> {
  const { kept, ...run } = options;
  const { judge, ...settings } = how;
  const asked = pairs.map((pair) => ({ ...pair, images: pair.images.map((image) => image.id) }));
  const key = contentHash({ confused: "v1", state, settings, judged: judge !== undefined, seed: run.seed, asked }, 32);
  const known = kept?.get(key);
  if (known) return known;
  const evaluation = await evaluateConfusion(view, pairs, { ...how, ...run });
  kept?.put(key, evaluation);
  return evaluation;
}
