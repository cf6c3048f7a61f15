import type { Probe } from "../../../datasets/case.ts";
import { scoredText, type Observation } from "../observe-probe.ts";
import { maskedAccuracy } from "../scoring/masked-accuracy.ts";
import { orderedTopK, rightAligned } from "../scoring/ordered-top-k.ts";
import type { Observed } from "../../models/observe.ts";
import { argmaxOf, observedBy } from "./observed-by.ts";
import { type Ask, type Pair, type Side, sideOf } from "./profile.ts";

/** Puts an observation before and one after through the same scorer. */
export const both = (
  ask: Ask,
  before: Observation,
  after: Observation,
  score: (observed: Observed) => number,
): Pair => ({
  before: score(observedBy(before, ask)),
  after: score(observedBy(after, ask)),
});

/** How far what is after agrees with what is before; what is before agrees with itself. */
export function kept(
  ask: Ask,
  before: Observation,
  after: Observation,
  agree: (a: Observed, b: Observed) => number,
): Pair {
  const [a, b] = [observedBy(before, ask), observedBy(after, ask)];
  return { before: agree(a, a), after: agree(a, b) };
}

/** Share of the answer's tokens, as they stand in their context, that are the first choice. Of an observation of answer rows. */
export const answerAccuracy = (observed: Observed): number => maskedAccuracy(argmaxOf(observed), observed.ids);

/** Share of the answer's rows with the same first choice. */
export const answerAgreement = (a: Observed, b: Observed): number =>
  orderedTopK(...rightAligned(firstOf(a), firstOf(b)));

/** Ranked agreement over all rows but those of a text that an edit puts in front of the question: nothing is there to compare it with. */
export const rankAgreement = (a: Observed, b: Observed): number => orderedTopK(...rightAligned(ownRows(a), ownRows(b)));

/**
 * The same over the last rows of both, as many as the shorter one has. Where an edit puts a text between image and question, image rows of
 * the one then meet rows of that text in the other, as in the published comparisons of in-context editors.
 */
export const windowAgreement = (a: Observed, b: Observed): number => orderedTopK(...rightAligned(a.top, b.top));

const ownRows = ({ top, inserted }: Observed) =>
  inserted ? top.filter((_, row) => row < inserted.at || row >= inserted.at + inserted.rows) : top;

const firstOf = ({ top }: Observed) => top.map((ids) => ids.slice(0, 1));

/** k of the published localities: 1 about text, 10 about images. */
export const LOCALITY_K: Record<Exclude<Side, "target">, number> = { "text-locality": 1, "image-locality": 10 };

/** An ask for every row of the bare question, a blank and the answer; as many ranks as the probe's side compares. `wording` holds "{question}". */
export const plainAsk = (probe: Probe, wording?: string): Ask => {
  const side = sideOf(probe);
  return {
    question: probe.question,
    ...(wording && { wording }),
    answer: scoredText(probe),
    form: "plain",
    positions: "all",
    topK: side === "target" ? 1 : LOCALITY_K[side],
  };
};

/**
 * The same where a wanted answer is scored by its ids alone, as `labels` tokenises it, against the last rows.
 *
 * Locality compares rows with rows and has no labels.
 */
export const labelled = (ask: Ask, probe: Probe, labels: "bare" | "spaced"): Ask =>
  sideOf(probe) === "target" ? { ...ask, labels } : ask;

/** An ask for the answer's rows of the bare question, a blank and the answer. */
export const plainAnswerAsk = (probe: Probe, wording?: string): Ask => ({
  question: probe.question,
  ...(wording && { wording }),
  answer: scoredText(probe),
  form: "plain",
});
