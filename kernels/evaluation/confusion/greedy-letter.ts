import type { OptionLetter } from "../../../datasets/confusion-pair.ts";

/**
 * Greedy decoding restricted to the two letters: the one with the larger logit at the last position; a tie is A.
 *
 * Units: logits, or log-probabilities of one distribution. Source: MediConfusion (arXiv 2409.15477), `do_forward`.
 */
export const greedyLetter = (a: number, b: number): OptionLetter => (b > a ? "B" : "A");
