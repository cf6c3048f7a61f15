import { meanOf } from "./masked-accuracy.ts";

/** The words around a question in profile `fgvedit`; text locality is asked without them. EasyEdit has them around image locality. */
export const SHORT_ANSWER = "Question: {question} Short answer:";

/** Fine-grained generality and locality of one record, fractions in [0, 1]. */
export interface FineGrained {
  generality: number;
  locality: number;
}

/**
 * Specificity: mean over records of the mean of fine-grained generality and locality. Units: fraction in [0, 1].
 *
 * Throws: EmptySetError. Source: FGVEdit, evaluation.
 */
export const specificity = (records: readonly FineGrained[]): number =>
  meanOf(
    records.map(({ generality, locality }) => (generality + locality) / 2),
    "specificity",
  );

/** Similarities that a router found for the probes of one edit. */
export interface RouterSimilarities {
  inScope: readonly number[];
  outOfScope: readonly number[];
}

/**
 * Share of probes that a similarity router (MSCKE) would treat rightly: in scope from 0.5 on, out of scope below it.
 *
 * The statistics count 0.5 as in scope, while the forward pass itself uses the edit only above 0.5. Throws: EmptySetError.
 */
export const routerAccuracy = ({ inScope, outOfScope }: RouterSimilarities, cut = 0.5): number =>
  meanOf([...inScope.map((sim) => Number(sim >= cut)), ...outOfScope.map((sim) => Number(sim < cut))], "router");
