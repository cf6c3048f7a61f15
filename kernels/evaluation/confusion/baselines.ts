import type { ConfusionPair } from "../../../datasets/confusion-pair.ts";
import type { ConfusionBaseline } from "./result.ts";
import { type AnsweredPair, tally, ALL } from "./tally.ts";

/**
 * What rules get that look at no image: expected values of three kinds of chance, and the rule "the longer option" on these very pairs.
 *
 * Any rule that ignores the image gives both images of a pair one answer, so it has half of the images right and no set.
 */
export function confusionBaselines(pairs: readonly ConfusionPair[]): ConfusionBaseline[] {
  return [
    { id: "coin", summary: "a coin for each image", set: 0.25, individual: 0.5, confusion: 0.5 },
    { id: "constant", summary: "always the same letter", set: 0, individual: 0.5, confusion: 1 },
    {
      id: "pair-aware",
      summary: "a coin for each pair, never the same option twice",
      set: 0.5,
      individual: 0.5,
      confusion: 0,
    },
    { id: "longer-option", summary: "the longer option", ...measured(pairs.map(longerOption)) },
  ];
}

/** Ties are A. */
function longerOption({ categories, answers, cluster, options: [a, b] }: ConfusionPair): AnsweredPair {
  const letter = b.length > a.length ? "B" : "A";
  return { categories, answers, cluster, choices: [letter, letter] };
}

function measured(pairs: readonly AnsweredPair[]) {
  const { set, individual, confusion } = tally(pairs, "official").get(ALL)!;
  const share = (outcomes: number[][]) =>
    outcomes.flat().reduce((sum, value) => sum + value, 0) / outcomes.flat().length;
  return { set: share(set), individual: share(individual), confusion: share(confusion) };
}
