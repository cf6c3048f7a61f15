import { maskedAccuracy, meanOf } from "./masked-accuracy.ts";

/** Accuracies of one record of MedLaSA's evaluation. */
export interface MedlasaRecord {
  rewrite: number[];
  rephrase: number[];
  /** By kind, such as locality_mapping. */
  locality: Record<string, number[]>;
}

export interface MedlasaSummary {
  rewrite: number;
  rephrase: number;
  locality: Record<string, number>;
  /** (mean of rewrite and rephrase + mean of the locality kinds) / 2 */
  avg: number;
}

/** Percentages over all records. Throws: EmptySetError. Source: MedLaSA, its metrics. */
export function medlasaSummary(records: readonly MedlasaRecord[]): MedlasaSummary {
  const percent = (values: number[], what: string) => 100 * meanOf(values, `medlasa, ${what}`);
  const rewrite = percent(
    records.flatMap((each) => each.rewrite),
    "rewrite",
  );
  const rephrase = percent(
    records.flatMap((each) => each.rephrase),
    "rephrase",
  );
  const kinds = [...new Set(records.flatMap((each) => Object.keys(each.locality)))];
  const values = (kind: string) => records.flatMap((each) => each.locality[kind] ?? []);
  const locality = Object.fromEntries(kinds.map((kind) => [kind, percent(values(kind), kind)]));
  const kept = meanOf(Object.values(locality), "medlasa, locality");
  return { rewrite, rephrase, locality, avg: ((rewrite + rephrase) / 2 + kept) / 2 };
}

/**
 * The predicted ids that stand against a target under teacher forcing of `[bos] + prompt + target`, left-padded: the last rows but one.
 *
 * Shapes: argmax [columns], result [target]. Source: EasyEdit and MedLaSA, text evaluation.
 */
export const leftPaddedSlice = (argmax: readonly number[], targetLength: number): number[] =>
  argmax.slice(argmax.length - 1 - targetLength, -1);

/** Share of target tokens that are predicted; also of unchanged ones, where `target` is what was predicted before. Throws: EmptySetError. */
export const sliceAccuracy = (predicted: readonly number[], target: readonly number[]): number =>
  maskedAccuracy(predicted, target);
