import type { EditableModel } from "../models/editable-model.ts";
import type { SiteId } from "../models/edit.ts";

/** The uncentred second moment of a site's keys over a corpus: E[k k^T]. */
export interface KeyStatistics {
  site: SiteId;
  /** Row-major, symmetric. [in, in] */
  moment: Float64Array;
  width: number;
  /** Number of keys that were averaged. */
  tokens: number;
  /** What was read, in words, and a digest of model, site and corpus: they go into provenance. */
  corpus: string;
  digest: string;
}

/** Where editors take statistics: a cache that gathers what it does not have. */
export interface StatisticsSource {
  /** Digest of what is read: it goes into the key of results that depend on it. */
  readonly digest: string;
  /** The same in words, for result documents. */
  readonly name?: string;
  /** Throws: CancelledError. */
  of(model: EditableModel, site: SiteId, signal?: AbortSignal): Promise<KeyStatistics>;
  /** Gathers several sites in one pass, so that `of` finds them. */
  prepare?(model: EditableModel, sites: readonly SiteId[], signal?: AbortSignal): Promise<void>;
}
