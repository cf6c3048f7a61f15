import { GrowingFloats } from "./growing-floats.ts";
import { metrics } from "./metrics/index.ts";
import type { Metric } from "./metrics/metric.ts";
import { profiles } from "./profiles.ts";
import type { CaseResult, ProfileName, ResultRow } from "./result.ts";
import { bootstrapMean } from "./statistics/bootstrap.ts";

/** "records": every probe weighs the same. "groups": every group of cases edited together does, however many it holds. */
export type Weighting = "records" | "groups";

/**
 * Gathers the numbers of finished cases, three to a probe and profile, so that a long evaluation need not keep the cases themselves.
 *
 * `rows` gives every metric in every profile, with base value, n and interval. A metric that no probe belongs to has no row: a number of
 * nothing would be read as a number. `seed` drives the intervals.
 */
export class RowAccumulator {
  readonly #seed: number;
  readonly #weighting: Weighting;
  readonly #cells: { metric: Metric; profile: ProfileName; values: Values }[];

  constructor({ seed = 0, weighting = "records" }: { seed?: number; weighting?: Weighting } = {}) {
    this.#seed = seed;
    this.#weighting = weighting;
    this.#cells = Object.values(metrics).flatMap((metric) =>
      (Object.keys(profiles) as ProfileName[]).map((profile) => ({ metric, profile, values: new Values() })),
    );
  }

  /** Takes the numbers of one finished case. Cases of one group follow each other. */
  add({ probes, group = 0 }: Pick<CaseResult, "probes" | "group">): void {
    for (const { metric, profile, values } of this.#cells) {
      const own = probes.filter((probe) => metric.includes(probe));
      values.add(own.map(profiles[profile].before), own.map(profiles[profile].after), group);
    }
  }

  rows(): ResultRow[] {
    return this.#cells.flatMap(({ metric, profile, values }) => {
      if (values.length === 0) return [];
      const after = values.clusters("after", this.#weighting);
      return [
        {
          metric: metric.name,
          profile,
          comparable_group: metric.groups[profile],
          value: mean(after.flat()),
          base: mean(values.clusters("before", this.#weighting).flat()),
          n: values.length,
          ci: bootstrapMean(after, { seed: this.#seed }),
        },
      ];
    });
  }
}

/** The numbers of one metric in one profile: of each case a cluster, of each cluster its group. */
class Values {
  readonly #before = new GrowingFloats();
  readonly #after = new GrowingFloats();
  readonly #ends = new GrowingFloats();
  readonly #groups = new GrowingFloats();

  get length(): number {
    return this.#after.length;
  }

  add(before: readonly number[], after: readonly number[], group: number): void {
    if (after.length === 0) return;
    before.forEach((value) => this.#before.push(value));
    after.forEach((value) => this.#after.push(value));
    this.#ends.push(this.#after.length);
    this.#groups.push(group);
  }

  /** Values by case; or, where groups weigh alike, the mean of each group as a cluster of its own. */
  clusters(side: "before" | "after", weighting: Weighting): number[][] {
    const values = side === "before" ? this.#before : this.#after;
    const ends = this.#ends.slice(0, Infinity);
    const cases = ends.map((end, i) => values.slice(i ? ends[i - 1] : 0, end));
    if (weighting === "records") return cases;
    const groups = this.#groups.slice(0, Infinity);
    const starts = cases.flatMap((_, i) => (i && groups[i] === groups[i - 1] ? [] : [i]));
    return starts.map((start, i) => [mean(cases.slice(start, starts[i + 1]).flat())]);
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
