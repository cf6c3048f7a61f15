import { ClusteredValues } from "./clustered-values.ts";
import { metrics } from "./metrics/index.ts";
import type { Metric } from "./metrics/metric.ts";
import { DEFAULT_PROFILES, profiles } from "./profiles/index.ts";
import { stored } from "./profiles/profile.ts";
import type { CaseResult, MetricName, ProbeResult, ProfileName, ResultRow } from "./result.ts";
import { clusterOf } from "./statistics/cluster-of.ts";
import { meanInterval } from "./statistics/mean-interval.ts";

/** "records": every probe weighs the same. "groups": every group of cases edited together does, however many it holds. */
export type Weighting = "records" | "groups";

/** Comparable groups whose values have no upper end; all others are fractions. */
const IN_NATS = /(kl|logprob-margin)$/;

/** The numbers of a metric, or of one of its parts, in one profile. */
interface Cell {
  metric: Metric;
  name: MetricName;
  profile: ProfileName;
  values: ClusteredValues;
  routed: { fired: number; right: number; wrong: number };
}

/**
 * Gathers the numbers of finished cases, a sum and a count to a cluster, metric and profile, so that a long evaluation need not keep the
 * cases themselves.
 *
 * `rows` gives every metric in every chosen profile, with base value, n and interval. A metric that no probe belongs to has no row: a number
 * of nothing would be read as a number. A part has a row of its own where the metric has several, or where the part says how many hops.
 * `seed` drives the intervals. They resample what varies together: all probes of an image, or without one of a fact (`clusterOf`), however
 * many cases they come from; where groups weigh alike, whole groups.
 */
export class RowAccumulator {
  readonly #seed: number;
  readonly #weighting: Weighting;
  readonly #profiles: readonly ProfileName[];
  readonly #cells = new Map<string, Cell>();
  /** Number of each cluster, in order of first appearance. */
  readonly #clusters = new Map<string, number>();

  constructor({
    seed = 0,
    weighting = "records",
    profiles = DEFAULT_PROFILES,
  }: { seed?: number; weighting?: Weighting; profiles?: readonly ProfileName[] } = {}) {
    this.#seed = seed;
    this.#weighting = weighting;
    this.#profiles = profiles;
  }

  /** Takes the numbers of one finished case. */
  add(finished: Pick<CaseResult, "id" | "image" | "question" | "probes" | "group">): void {
    const { probes, group = 0 } = finished;
    const cluster = this.#weighting === "groups" ? group : this.#clusterOf(finished);
    for (const metric of Object.values(metrics)) {
      const own = probes.filter((probe) => metric.includes(probe));
      if (own.length === 0) continue;
      this.#take(metric, metric.name, own, cluster);
      for (const part of new Set(own.map((probe) => metric.part?.(probe))))
        if (part !== undefined)
          this.#take(
            metric,
            `${metric.name}/${part}`,
            own.filter((probe) => metric.part!(probe) === part),
            cluster,
          );
    }
  }

  #clusterOf(finished: Parameters<typeof clusterOf>[0]): number {
    const key = clusterOf(finished);
    const known = this.#clusters.get(key) ?? this.#clusters.size;
    this.#clusters.set(key, known);
    return known;
  }

  #take(metric: Metric, name: MetricName, probes: readonly ProbeResult[], cluster: number): void {
    for (const profile of this.#profiles) {
      if (profiles[profile].groups[metric.side] === undefined) continue;
      const key = `${name} ${profile}`;
      let cell = this.#cells.get(key);
      if (!cell) {
        cell = { metric, name, profile, values: new ClusteredValues(), routed: { fired: 0, right: 0, wrong: 0 } };
        this.#cells.set(key, cell);
      }
      const scored = probes.flatMap((probe) => {
        const pair = stored(profile, probe);
        return pair ? [{ probe, pair }] : [];
      });
      const side = (which: "before" | "after") => {
        const values = scored.map(({ probe, pair }) => ({ probe, value: pair[which] }));
        if (!metric.perCase) return values.map(({ value }) => value);
        return [metric.perCase(values)].filter((value) => value !== undefined);
      };
      const weights = metric.perCase ? [] : scored.map(({ pair }) => pair.weight ?? 1);
      cell.values.add(side("before"), side("after"), cluster, weights);
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
        const { value, base, clusters } = values.summary(this.#weighting);
        const fraction = !IN_NATS.test(groups[metric.side]!);
        return {
          metric: name,
          profile,
          comparable_group: groups[metric.side]!,
          mask,
          k: (metric.side !== "specificity" && k?.[metric.side]) || null,
          ...(variant && { variant }),
          value,
          base,
          n: values.length,
          ci: meanInterval(clusters, { seed: this.#seed, fraction }),
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
