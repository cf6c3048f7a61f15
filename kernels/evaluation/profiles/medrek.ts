import { plainText } from "./plain-text.ts";

/**
 * MedREK's and RECIPE's scorers of text edits.
 *
 * Means over units and their weighting belong to the protocol (`batch:N:official`), whose suffix joins the group.
 */
export const medrek = plainText(
  "medrek",
  "MedREK and RECIPE: bare prompt and target, answer positions; text probes only",
  "lm.tf.medrek.token-acc",
);
