import type { Tensor } from "../../tensor.ts";

/** Decides at query time whether an edit acts, and with which of its entries. Data, so that an edit can be saved; `decide` interprets it. */
export type Scope = { kind: "always" } | { kind: "nowhere" } | NearestKeyScope | ActivationScope | NearestTextScope;

/**
 * A codebook: fires with the entry whose key is nearest (Euclidean) to the input of a site at the last token of the prompt, if that lies
 * within the entry's radius. It alone decides, however wide the balls of other keys are.
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
  /** Ids of the cases that each entry belongs to. [entries] */
  cases: string[][];
  /** Which of equally near keys counts. Default "last", so that of two edits of one and the same key the later is in force. */
  ties?: "first" | "last";
  /** Points inside the balls: where a ball fires, its point nearest to the query says which intervention entry acts. Default: a ball's own. */
  points?: KeyPoints;
}

/** Keys of edits that share balls, as MELO's clusters do. */
export interface KeyPoints {
  /** [points, in] */
  keys: Tensor;
  /** The ball that each point lies in. [points] */
  balls: number[];
  /** Intervention entry of each point; null where nothing acts. [points] */
  entries: (number | null)[];
  /** Ids of the cases of each point. [points] */
  cases: string[][];
}

/**
 * Side memories: of the shards whose weight changes the activation of a site by at least their threshold, the one that changes it most acts.
 * The edit has one dense intervention an entry at that site.
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
  /**
   * "corrected" (default): the mean over the prompt's tokens is compared. "official": the largest beyond 100 tokens; a shard before the last
   * entry must exceed its threshold and change more than the last one, the copy that is being edited.
   */
  variant?: "official" | "corrected";
}

/** Fires with the stored text that is nearest to the question, if its cosine reaches the threshold. Of equally near ones the latest counts. */
export interface NearestTextScope {
  kind: "nearest-text";
  /** Name of the sentence encoder. */
  encoder: string;
  /** Digest of its content (`SentenceEncoder.digest`): under one name another machine may have another. */
  encoderDigest: string;
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
  /** Id of the case that the entry belongs to, where it is one. */
  case?: string;
  /** Ids of all cases that the entry belongs to, where they are several. */
  cases?: readonly string[];
  /** What was compared: a distance, an activation change, a similarity. */
  score: number;
  threshold: number;
  /** One line in words. */
  why: string;
}

/** A decision's cases, in the form that a decision has them. */
export const ofCases = (cases: readonly string[]): Pick<Decision, "case" | "cases"> =>
  cases.length === 1 ? { case: cases[0] } : { cases };

/** Whether what was decided acts, and belongs to a case. */
export const actsFor = ({ fires, case: one, cases }: Decision, id: string | undefined): boolean =>
  fires && id !== undefined && (one === id || (cases?.includes(id) ?? false));
