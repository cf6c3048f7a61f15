import { meanOf } from "./masked-accuracy.ts";

export const INDICATORS = ["reliability", "generality", "locality"] as const;
export type Indicator = (typeof INDICATORS)[number];

/** Accuracies of one unit (an edit or a batch) by indicator and kind, such as locality, locality_mapping. [items] */
export type UnitScores = Record<Indicator, Record<string, number[]>>;

/** `<kind>_mean_acc` of every kind, and `mean_acc` pooled over the items of all kinds. */
export type Means = Record<string, number>;

export interface MedrekSummary extends Record<Indicator, Means> {
  /** Number of units; of records where they are weighted. */
  count: number;
  /** ((reliability + generality) / 2 + locality) / 2 of the pooled means; MedREK only. */
  avg?: number;
}

/** Pools the records of a group into one unit: items of equal kind follow each other. */
export function pooled(records: readonly UnitScores[]): UnitScores {
  const unit: UnitScores = { reliability: {}, generality: {}, locality: {} };
  for (const record of records)
    for (const indicator of INDICATORS)
      for (const [kind, values] of Object.entries(record[indicator])) (unit[indicator][kind] ??= []).push(...values);
  return unit;
}

/** The means of one unit. Throws: EmptySetError for a kind without items. */
export const unitMeans = (unit: UnitScores): Record<Indicator, Means> =>
  eachIndicator((indicator) => {
    const kinds = Object.entries(unit[indicator]);
    const means = kinds.map(([kind, values]) => [`${kind}_mean_acc`, meanOf(values, `medrek, ${kind}`)] as const);
    const all = kinds.flatMap(([, values]) => values);
    return { ...Object.fromEntries(means), mean_acc: meanOf(all, `medrek, ${indicator}`) };
  });

/**
 * The final numbers of a run.
 *
 * `weight`: "equal" (official) takes the mean of the units' means, so that a last, smaller batch weighs as much as a full one; "by-item"
 * (corrected) weighs every item alike. `form`: "medrek" gives percentages and `avg`, "recipe" fractions without it.
 * Throws: EmptySetError. Source: MedREK and RECIPE, editor evaluation.
 */
export function medrekSummary(
  units: readonly { scores: UnitScores; records: number }[],
  { weight = "equal", form = "medrek" }: { weight?: "equal" | "by-item"; form?: "medrek" | "recipe" } = {},
): MedrekSummary {
  const scale = form === "medrek" ? 100 : 1;
  const means =
    weight === "equal"
      ? meansOfMeans(units.map(({ scores }) => unitMeans(scores)))
      : unitMeans(pooled(units.map(({ scores }) => scores)));
  const scaled = eachIndicator((indicator) =>
    Object.fromEntries(Object.entries(means[indicator]).map(([name, value]) => [name, value * scale])),
  );
  const count = weight === "equal" ? units.length : units.reduce((sum, { records }) => sum + records, 0);
  if (form === "recipe") return { ...scaled, count };
  const [reliability, generality, locality] = INDICATORS.map((indicator) => scaled[indicator].mean_acc);
  return { ...scaled, count, avg: ((reliability + generality) / 2 + locality) / 2 };
}

const meansOfMeans = (units: readonly Record<Indicator, Means>[]): Record<Indicator, Means> =>
  eachIndicator((indicator) => {
    const names = [...new Set(units.flatMap((unit) => Object.keys(unit[indicator])))];
    const values = (name: string) => units.flatMap((unit) => unit[indicator][name] ?? []);
    return Object.fromEntries(names.map((name) => [name, meanOf(values(name), `medrek, ${name}`)]));
  });

const eachIndicator = (means: (indicator: Indicator) => Means): Record<Indicator, Means> => ({
  reliability: means("reliability"),
  generality: means("generality"),
  locality: means("locality"),
});
