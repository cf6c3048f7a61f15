import type { Likelihood } from "./label-likelihood.ts";

/** What one evaluation step of the multimodal trainers has measured. */
export interface TrainerStep {
  /** Rephrased question and rephrased image: how likely the target is. */
  edit: Likelihood;
  imageEdit: Likelihood;
  /** KL(before || after) over every position, nats. */
  klText: number;
  klImage: number;
}

/** Weights of the terms of the loss. */
export interface LossWeights {
  cedit: number;
  iedit: number;
  cloc: number;
}

/**
 * The total loss of a step: cedit * edit + iedit * image edit + cloc * (text KL + image KL). Units: nats.
 *
 * `imageLocality` false leaves the image's KL out, as the trainers do for SERAC. Source: VLKEB and EasyEdit, multimodal trainer.
 */
export const trainerLoss = (
  { edit, imageEdit, klText, klImage }: TrainerStep,
  { cedit, iedit, cloc }: LossWeights,
  { imageLocality = true }: { imageLocality?: boolean } = {},
): number => cedit * edit.nll + iedit * imageEdit.nll + cloc * (klText + (imageLocality ? klImage : 0));

/** What an evaluation step of FGVEdit's trainer has measured. */
export interface FineGrainedStep {
  edit: Likelihood;
  fgGen: Likelihood;
  /** KL(before || after) over every position, nats. */
  klText: number;
  klFine: number;
  /** Of MSCKE: how similar the router finds each probe to the edit, fractions in (0, 1). */
  similarity?: Record<"inner" | "outer" | "fgGen" | "loc" | "fgLoc", number>;
}

export interface FineGrainedWeights extends LossWeights {
  /** Of MSCKE: weights of the divergences, of the classification, and within it of fine-grained generality and locality. Default 1. */
  edit_loss?: number;
  cls_loss?: number;
  igen_loss?: number;
  iloc_loss?: number;
}

/**
 * The total loss of a step: cedit * edit + iedit * fg_gen + cloc * (text KL + fine-grained KL); of MSCKE also the cross-entropy of its router,
 * for which the edited question, its rephrasing and fg_gen are in scope, loc and fg_loc out of it. Units: nats. Source: FGVEdit, trainer.
 */
export function fineGrainedLoss(
  { edit, fgGen, klText, klFine, similarity }: FineGrainedStep,
  { cedit, iedit, cloc, edit_loss = 1, cls_loss = 1, igen_loss = 1, iloc_loss = 1 }: FineGrainedWeights,
): number {
  const total = cedit * edit.nll + iedit * fgGen.nll + edit_loss * cloc * (klText + klFine);
  if (!similarity) return total;
  const { inner, outer, fgGen: generality, loc, fgLoc } = similarity;
  const inScope = Math.log(inner) + Math.log(outer) + igen_loss * Math.log(generality);
  const outOfScope = Math.log1p(-loc) + iloc_loss * Math.log1p(-fgLoc);
  return total - cls_loss * (inScope + outOfScope);
}
