import type { SignedRank } from "./wilcoxon.ts";

/**
 * Matched-pairs rank-biserial correlation of a signed-rank test: favourable minus unfavourable share of the rank sum, in [-1, 1];
 * 0 where there is no difference.
 *
 * Source: Kerby 2014, "The simple difference formula".
 */
export const rankBiserial = ({ plus, minus }: Pick<SignedRank, "plus" | "minus">): number =>
  plus + minus === 0 ? 0 : (plus - minus) / (plus + minus);
