import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import { SharedWork } from "../../models/shared-work.ts";
import {
  type FactorOptions,
  factorMomentInPieces,
  identityFactor,
  type MomentFactor,
} from "../closed-forms/moment-factor.ts";
import { nullSpaceInPieces, type NullSpace } from "../closed-forms/null-space.ts";
import type { Pieces } from "../closed-forms/pieces.ts";
import { statisticsName } from "../statistics/statistics-name.ts";
import type { KeyStatistics } from "../statistics-source.ts";
import type { LocateCall } from "./locate-options.ts";
import { withPauses } from "./with-pauses.ts";

/**
 * Added to the diagonal of a gathered moment, as a share of its mean: neurons that never fire in the corpus would make it singular. Small
 * against the eigenvalues that matter (the least of the phantom model's is a hundredth of the mean).
 */
const RELATIVE_RIDGE = 1e-4;

/** Decompositions kept, newest last, or as many as one edit needs; one of a wide model takes hundreds of megabytes. */
const KEEP = 8;
const factors = new Map<string, SharedWork<MomentFactor>>();
const spaces = new Map<string, SharedWork<NullSpace>>();

/** Second moments at some sites, as an edit uses them and as its provenance names them. */
export interface Covariance {
  /** "identity", or the corpus in words with its digest. */
  name: string;
  /** Throws: ClosedFormError, CancelledError. */
  factor(site: SiteId, options?: Omit<FactorOptions, "relativeRidge">): Promise<MomentFactor>;
  /** With the identity every direction is free. Throws: ClosedFormError, CancelledError. */
  nullSpace(site: SiteId, threshold: number): Promise<NullSpace>;
}

/**
 * Gathers what is missing, all sites in one pass. Factors are kept by the digest of the statistics and the settings.
 *
 * Throws: CancelledError, what the source throws.
 */
export async function covarianceOf(
  { options, context: { statistics, signal, onWork }, editor }: LocateCall,
  model: EditableModel,
  sites: readonly SiteId[],
): Promise<Covariance> {
  throwIfCancelled(signal, editor);
  const width = (site: SiteId) => model.sites.find(({ id }) => id === site)!.in;
  if (options.covariance === "identity" || !statistics)
    return {
      name: "identity",
      factor: async (site, { scale = 1, ridge = 0 } = {}) => identityFactor(width(site), scale + ridge),
      nullSpace: async (site) => ({ size: width(site), rank: width(site), project: (rows) => rows.clone() }),
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
      kept(factors, [gathered.get(site)!.digest, given.scale ?? 1, given.ridge ?? 0], {
        what: `factoring the statistics of ${site}`,
        pieces: () => factorMomentInPieces(moment(site), { ...given, relativeRidge: RELATIVE_RIDGE }),
      }),
    nullSpace: (site, threshold) =>
      kept(spaces, [gathered.get(site)!.digest, threshold], {
        what: `null space of the statistics of ${site}`,
        pieces: () => nullSpaceInPieces(moment(site), threshold),
      }),
  };

  /** What was computed before, or is being computed for another edit; else begins. */
  function kept<T>(map: Map<string, SharedWork<T>>, of: readonly unknown[], { what, pieces }: Work<T>): Promise<T> {
    const key = of.join("|");
    let work = map.get(key);
    if (!work || work.stopped) {
      const onProgress = onWork && ((share: number) => onWork(what, share));
      const begun = new SharedWork(what, (stop) => withPauses(pieces(), { what, signal: stop, onProgress }));
      begun.result.catch(() => map.get(key) === begun && map.delete(key));
      work = begun;
    }
    map.delete(key);
    map.set(key, work);
    if (map.size > Math.max(KEEP, sites.length)) map.delete(map.keys().next().value!);
    return work.wait(signal);
  }
}

interface Work<T> {
  what: string;
  pieces: () => Pieces<T>;
}
