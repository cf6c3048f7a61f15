import { plainText } from "./plain-text.ts";

/**
 * MedLaSA's scorer of single text edits. (Its sequences are padded on the left, which moves no position of a single one.)
 *
 * Its summary, means over kinds of locality first, is `medlasaSummary`.
 */
export const medlasa = plainText(
  "medlasa",
  "MedLaSA: bare prompt and target, answer positions; text probes only",
  "lm.tf.medlasa.token-acc",
);
