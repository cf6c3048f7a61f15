import { roundHalfEven } from "./round-half-even.ts";
import { type AnsweredPair, type CategoryRule, tally } from "./tally.ts";

/** One line of the published table. Percentages with two decimals. */
export interface ScoreLine {
  category: string;
  /** Pairs as the category rule counts them: what set accuracy is a share of. */
  total: number;
  set: number;
  individual: number;
  /** 0 where no pair was answered validly twice. */
  confusion: number;
  /** Pairs with two valid choices: what confusion is a share of. */
  valid: number;
  invalid: number;
  /** 0 where no pair has two different valid choices. */
  precision: number;
  precisionTotal: number;
  counts: { set: number; individual: number; confused: number; invalid: number };
}

/**
 * The published table, a line a category and "All" last.
 *
 * Set accuracy: both images of a pair right. Individual accuracy: images right. Confusion: both images got the same option, among pairs with
 * two valid choices. Precision: set count among pairs with two valid, different choices. Invalid choices count as wrong.
 * Source: MediConfusion (arXiv 2409.15477), section 4 and `print_score`.
 */
export function scoreTable(pairs: readonly AnsweredPair[], rule: CategoryRule = "official"): ScoreLine[] {
  return [...tally(pairs, rule)].map(([category, { set, individual, confusion, invalid, precision }]) => {
    const [sets, images, valid, slips, differing] = [set, individual, confusion, invalid, precision].map(countOf);
    return {
      category,
      total: sets.n,
      set: percent(sets),
      individual: percent(images),
      confusion: percent(valid),
      valid: valid.n,
      invalid: percent(slips),
      precision: percent(differing),
      precisionTotal: differing.n,
      counts: { set: sets.ones, individual: images.ones, confused: valid.ones, invalid: slips.ones },
    };
  });
}

function countOf(clusters: readonly (readonly number[])[]): { ones: number; n: number } {
  const outcomes = clusters.flat();
  return { ones: outcomes.reduce((sum, value) => sum + value, 0), n: outcomes.length };
}

const percent = ({ ones, n }: { ones: number; n: number }) => (n === 0 ? 0 : roundHalfEven((100 * ones) / n));
