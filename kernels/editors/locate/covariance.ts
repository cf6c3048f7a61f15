import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import { type FactorOptions, factorMoment, identityFactor, type MomentFactor } from "../closed-forms/moment-factor.ts";
import { nullSpace, type NullSpace } from "../closed-forms/null-space.ts";
import { statisticsName } from "../statistics/statistics-name.ts";
import type { KeyStatistics } from "../statistics-source.ts";
import type { LocateCall } from "./locate-options.ts";

/**
 * Added to the diagonal of a gathered moment, as a share of its mean: neurons that never fire in the corpus would make it singular. Small
 * against the eigenvalues that matter (the least of the phantom model's is a hundredth of the mean).
 */
const RELATIVE_RIDGE = 1e-4;

/** Decompositions kept, newest last, or as many as one edit needs; one of a wide model takes hundreds of megabytes. */
const KEEP = 8;
const factors = new Map<string, MomentFactor>();
const spaces = new Map<string, NullSpace>();

/** Second moments at some sites, as an edit uses them and as its provenance names them. */
export interface Covariance {
  /** "identity", or the corpus in words with its digest. */
  name: string;
  /** Throws: ClosedFormError. */
  factor(site: SiteId, options?: Omit<FactorOptions, "relativeRidge">): MomentFactor;
  /** With the identity every direction is free. Throws: ClosedFormError. */
  nullSpace(site: SiteId, threshold: number): NullSpace;
}

/**
 * Gathers what is missing, all sites in one pass. Factors are kept by the digest of the statistics and the settings.
 *
 * Throws: CancelledError, what the source throws.
 */
export async function covarianceOf(
  { options, context: { statistics, signal }, editor }: LocateCall,
  model: EditableModel,
  sites: readonly SiteId[],
): Promise<Covariance> {
  throwIfCancelled(signal, editor);
  const width = (site: SiteId) => model.sites.find(({ id }) => id === site)!.in;
  if (options.covariance === "identity" || !statistics)
    return {
      name: "identity",
      factor: (site, { scale = 1, ridge = 0 } = {}) => identityFactor(width(site), scale + ridge),
      nullSpace: (site) => ({ size: width(site), rank: width(site), project: (rows) => rows.clone() }),
    };
  await statistics.prepare?.(model, sites, signal);
  const gathered = new Map<SiteId, KeyStatistics>();
  for (const site of sites) gathered.set(site, await statistics.of(model, site, signal));
  const moment = (site: SiteId) => {
    const { moment: data, width: size } = gathered.get(site)!;
    return { type: "float64" as const, dims: [size, size], data };
  };
  return {
    name: statisticsName([...gathered.values()]),
    factor: (site, given = {}) =>
      kept(factors, sites.length, [gathered.get(site)!.digest, given.scale ?? 1, given.ridge ?? 0], () =>
        factorMoment(moment(site), { ...given, relativeRidge: RELATIVE_RIDGE }),
      ),
    nullSpace: (site, threshold) =>
      kept(spaces, sites.length, [gathered.get(site)!.digest, threshold], () => nullSpace(moment(site), threshold)),
  };
}

function kept<T>(map: Map<string, T>, needed: number, of: readonly unknown[], make: () => T): T {
  const key = of.join("|");
  const value = map.get(key) ?? make();
  map.delete(key);
  map.set(key, value);
  if (map.size > Math.max(KEEP, needed)) map.delete(map.keys().next().value!);
  return value;
}
