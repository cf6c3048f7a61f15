import { GrowingFloats } from "./growing-floats.ts";
import { metrics } from "./metrics/index.ts";
import type { Metric } from "./metrics/metric.ts";
import { DEFAULT_PROFILES, profiles } from "./profiles/index.ts";
import { stored } from "./profiles/profile.ts";
import type { CaseResult, MetricName, ProbeResult, ProfileName, ResultRow } from "./result.ts";
import { bootstrapMean } from "./statistics/bootstrap.ts";

/** "records": every probe weighs the same. "groups": every group of cases edited together does, however many it holds. */
export type Weighting = "records" | "groups";

/** The numbers of a metric, or of one of its parts, in one profile. */
interface Cell {
  metric: Metric;
  name: MetricName;
  profile: ProfileName;
  values: Values;
  routed: { fired: number; right: number; wrong: number };
}

/**
 * Gathers the numbers of finished cases, three to a probe and profile, so that a long evaluation need not keep the cases themselves.
 *
 * `rows` gives every metric in every chosen profile, with base value, n and interval. A metric that no probe belongs to has no row: a number
 * of nothing would be read as a number. A part has a row of its own where the metric has several, or where the part says how many hops.
 * `seed` drives the intervals.
 */
export class RowAccumulator {
  readonly #seed: number;
  readonly #weighting: Weighting;
  readonly #profiles: readonly ProfileName[];
  readonly #cells = new Map<string, Cell>();

  constructor({
    seed = 0,
    weighting = "records",
    profiles = DEFAULT_PROFILES,
  }: { seed?: number; weighting?: Weighting; profiles?: readonly ProfileName[] } = {}) {
    this.#seed = seed;
    this.#weighting = weighting;
    this.#profiles = profiles;
  }

  /** Takes the numbers of one finished case. Cases of one group follow each other. */
  add({ probes, group = 0 }: Pick<CaseResult, "probes" | "group">): void {
    for (const metric of Object.values(metrics)) {
      const own = probes.filter((probe) => metric.includes(probe));
      if (own.length === 0) continue;
      this.#take(metric, metric.name, own, group);
      for (const part of new Set(own.map((probe) => metric.part?.(probe))))
        if (part !== undefined)
          this.#take(
            metric,
            `${metric.name}/${part}`,
            own.filter((probe) => metric.part!(probe) === part),
            group,
          );
    }
  }

  #take(metric: Metric, name: MetricName, probes: readonly ProbeResult[], group: number): void {
    for (const profile of this.#profiles) {
      if (profiles[profile].groups[metric.side] === undefined) continue;
      const key = `${name} ${profile}`;
      const fresh = { metric, name, profile, values: new Values(), routed: { fired: 0, right: 0, wrong: 0 } };
      const cell = this.#cells.get(key) ?? fresh;
      this.#cells.set(key, cell);
      const scored = probes.flatMap((probe) => {
        const pair = stored(profile, probe);
        return pair ? [{ probe, pair }] : [];
      });
      const side = (which: "before" | "after") => {
        const values = scored.map(({ probe, pair }) => ({ probe, value: pair[which] }));
        if (!metric.perCase) return values.map(({ value }) => value);
        return [metric.perCase(values)].filter((value) => value !== undefined);
      };
      cell.values.add(side("before"), side("after"), group);
      for (const { routed } of probes)
        if (routed?.fires) {
          cell.routed.fired++;
          cell.routed[routed.right ? "right" : "wrong"]++;
        }
    }
  }

  rows(): ResultRow[] {
    const shown = [...this.#cells.values()].filter(({ values, name }) => values.length > 0 && this.#hasRow(name));
    const place = ({ metric, name, profile }: Cell) =>
      Object.keys(metrics).indexOf(metric.name) * 1000 +
      (name === metric.name ? 0 : 500) +
      this.#profiles.indexOf(profile);
    return shown
      .sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))
      .map(({ metric, name, profile, values, routed }) => {
        const { groups, mask, k, variant } = profiles[profile];
        const after = values.clusters("after", this.#weighting);
        return {
          metric: name,
          profile,
          comparable_group: groups[metric.side]!,
          mask,
          k: (metric.side !== "specificity" && k?.[metric.side]) || null,
          ...(variant && { variant }),
          value: mean(after.flat()),
          base: mean(values.clusters("before", this.#weighting).flat()),
          n: values.length,
          ci: bootstrapMean(after, { seed: this.#seed }),
          ...(profile === "router-fired" && { routed: { ...routed } }),
          seed: this.#seed,
        };
      });
  }

  /** A single part of a metric would repeat the pooled row, but how many hops there are must be said. */
  #hasRow(name: MetricName): boolean {
    const [metric, part] = name.split("/");
    if (part === undefined || metric === "portability") return true;
    const parts = new Set(
      [...this.#cells.values()].map((cell) => cell.name).filter((each) => each.startsWith(`${metric}/`)),
    );
    return parts.size > 1;
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
