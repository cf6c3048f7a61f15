import { join } from "node:path";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import type { KeyStatistics, StatisticsSource } from "../statistics-source.ts";
import { contentDigest } from "./content-digest.ts";
import type { Corpus } from "./corpus.ts";
import { gatherMoments, type GatherOptions } from "./gather-moments.ts";
import { readMoment, writeMoment } from "./moment-file.ts";
import { statisticsFolder } from "./statistics-folder.ts";

export interface StatisticsOptions extends Pick<GatherOptions, "onProgress"> {
  corpus: Corpus;
  /** Where statistics are kept; null keeps them in memory alone. Default: `medke/statistics` in the user's cache folder. */
  folder?: string | null;
}

/** A source that also says where its statistics lie. */
export interface GatheredStatistics extends StatisticsSource {
  /** File of a site's statistics; undefined where they are kept in memory alone. */
  path(site: SiteId): Promise<string | undefined>;
}

/**
 * Statistics of a base model over a corpus, gathered when they are first asked for.
 *
 * They describe the base model that is given here: editors of a sequence ask with views of it. Files are named by a digest of the model's
 * files, the edits of the base (if it is a view), the site and the corpus, so that nothing stale is ever read. A model without a digest of
 * its own is kept in memory alone. A pass that is stopped leaves nothing behind.
 */
export function gatheredStatistics(
  base: EditableModel,
  { corpus, folder = statisticsFolder(), onProgress }: StatisticsOptions,
): GatheredStatistics {
  const known = new Map<SiteId, KeyStatistics>();
  const digestOf = async (site: SiteId) => {
    const model = (await base.digest?.()) ?? base.id;
    return contentDigest(["keys", model, base.edits.map(({ id }) => id), site, corpus.digest]);
  };
  const path = async (site: SiteId) =>
    folder === null || !base.digest ? undefined : join(folder, `${await digestOf(site)}.moment`);

  async function prepare(_: EditableModel, sites: readonly SiteId[], signal?: AbortSignal): Promise<void> {
    for (const site of sites) {
      const file = known.has(site) ? undefined : await path(site);
      const found = file && (await readMoment(file));
      if (found) known.set(site, found);
    }
    const missing = [...new Set(sites)].filter((site) => !known.has(site));
    if (missing.length === 0) return;
    const moments = await gatherMoments(base, missing, corpus, { signal, onProgress });
    for (const [i, site] of missing.entries()) {
      const { data, dims } = moments[i].moment();
      const named = { site, width: dims[0], tokens: moments[i].count, corpus: corpus.name };
      const gathered = { ...named, moment: data, digest: await digestOf(site) };
      const file = await path(site);
      if (file) await writeMoment(file, gathered);
      known.set(site, gathered);
    }
  }

  return {
    digest: corpus.digest,
    name: corpus.name,
    path,
    prepare,
    async of(model, site, signal) {
      if (!known.has(site)) await prepare(model, [site], signal);
      return known.get(site)!;
    },
  };
}
