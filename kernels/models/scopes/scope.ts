import type { Tensor } from "../../tensor.ts";

/** Decides at query time whether an edit acts, and with which of its entries. Data, so that an edit can be saved; `decide` interprets it. */
export type Scope = { kind: "always" } | { kind: "nowhere" } | NearestKeyScope | ActivationScope | NearestTextScope;

/**
 * A codebook: fires with the entry whose key is nearest (Euclidean) to the input of a site at the last token of the prompt, if that lies
 * within the entry's radius. Of equal distances the first counts.
 *
 * Source: GRACE (arXiv 2211.11031), section 3; the position is taken from the query alone.
 */
export interface NearestKeyScope {
  kind: "nearest-key";
  /** The site whose input is the key. */
  site: string;
  /** [entries, in] */
  keys: Tensor;
  /** [entries] */
  radii: number[];
  /** Id of the case that each entry belongs to. [entries] */
  cases: string[];
  /** Intervention entry that each key leads to, where several keys share one (blocks). Default: one each. [entries] */
  entries?: number[];
}

/**
 * Side memories: fires with the shard whose weight changes the activation of a site most, mean over the prompt's tokens, if that reaches the
 * shard's threshold. The edit has one dense intervention an entry at that site.
 *
 * Source: WISE (arXiv 2405.14768), section 2.3.
 */
export interface ActivationScope {
  kind: "activation";
  site: string;
  /** Smallest activation change that fires, per entry. [entries] */
  thresholds: number[];
  /** Ids of the cases in each entry. [entries] */
  cases: string[][];
}

/** Fires with the stored text that is nearest to the question, if its cosine reaches the threshold. */
export interface NearestTextScope {
  kind: "nearest-text";
  /** Name of the sentence encoder. */
  encoder: string;
  /** Unit vectors. [entries, width] */
  keys: Tensor;
  threshold: number;
  /** Id of the case that each entry belongs to. [entries] */
  cases: string[];
}

/** What a scope said of one query: kept for every probe, so that one can always ask which edit fired, by how much, and why. */
export interface Decision {
  fires: boolean;
  /** Which entry acts, where the scope has entries. */
  entry?: number;
  /** Id of the case that the entry belongs to. */
  case?: string;
  /** What was compared: a distance, an activation change, a similarity. */
  score: number;
  threshold: number;
  /** One line in words. */
  why: string;
}
