import type { Tensor } from "../tensor.ts";
import type { LookupEntry } from "./lookup.ts";
import type { Scope } from "./scopes/scope.ts";

export type { Scope } from "./scopes/scope.ts";

/** A named place in the graph where an intervention may act, for example "layers.1.mlp.down_proj". */
export type SiteId = string;

/** An intervention with an entry acts only where the scope of its edit chose that entry; one without wherever the scope fires. */
export interface OfEntry {
  entry?: number;
}

/** What an edit does to the model, as data. Shapes: x is a site's input [.., in], y its output [.., out]. */
export type Intervention = OfEntry &
  /** y += (x A) B with A [in, rank], B [rank, out]. */
  (
    | { kind: "low-rank"; site: SiteId; a: Tensor; b: Tensor }
    /** y += x delta with delta [in, out]. */
    | { kind: "dense"; site: SiteId; delta: Tensor }
    /** y becomes `value` [out] at the last token of the prompt; of several at one site the latest counts. */
    | { kind: "replace"; site: SiteId; value: Tensor }
    /** New neurons of the MLP whose down projection is `site`: y += act(h K + b) V, h the MLP's input; K [hidden, n], b [n], V [n, out]. */
    | { kind: "neurons"; site: SiteId; keys: Tensor; bias: Tensor; values: Tensor }
    /** Text put in front of the question, in the model's own prompt form. */
    | { kind: "prefix"; text: string }
    /** A table answers the questions that are in it, word by word and about the same image; every other question is the model's. */
    | { kind: "lookup"; table: LookupEntry[] }
  );

/** Arrays by name that an edit carries for its editor. */
export type Carried = Readonly<Record<string, Tensor>>;

/** Where an edit came from: enough to make it again. */
export interface Provenance {
  editor: string;
  model: string;
  seed: number;
  options: Record<string, unknown>;
  /** Editor-specific record, such as the loss after each step (nats): of this edit alone, so that it does not grow in a sequence. */
  trace?: Record<string, number | number[] | string>;
}

/**
 * An edit is a value: immutable data that can be saved, composed and undone. `model.with(edit)` gives a view of the model in
 * which it is in force; dropping that view is undo. (It lives beside the model, which interprets it; editors re-export it.)
 */
export interface Edit {
  id: string;
  editor: string;
  cases: string[];
  /** Ids of the images that the cases ask about, each once; missing where they ask about none. */
  images?: readonly string[];
  interventions: Intervention[];
  /** When it acts. */
  scope: Scope;
  /**
   * Ids of earlier edits that this one contains in a revised form, as a codebook does that was enlarged: in a view that holds both, only
   * this one acts.
   */
  supersedes?: string[];
  /**
   * What its editor needs to go on from it, and the model does not read: the labels of a codebook's entries, running statistics, keys. Where edits
   * are folded into one, of equal names the later counts.
   */
  carried?: Carried;
  provenance: Provenance;
}
