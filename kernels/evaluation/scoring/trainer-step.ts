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
