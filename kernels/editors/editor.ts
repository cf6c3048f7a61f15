import type { EditCase } from "../../datasets/case.ts";
import type { Edit } from "../models/edit.ts";
import type { EditableModel } from "../models/editable-model.ts";

import type { StatisticsSource } from "./statistics-source.ts";

export type { Edit, Intervention, Scope } from "../models/edit.ts";

/**
 * What an editor asks for: of the model, its answers, hidden states or gradients; `statistics` of the keys at its sites; `corpus`, other
 * cases to take demonstrations from; `encoder`, a sentence encoder.
 */
export type Capability = "forward" | "hidden states" | "gradients" | "statistics" | "corpus" | "encoder";

/**
 * What an editor can do beyond editing one case on the base model: `batch`, several cases in one edit; `sequence`, an edit of a view in
 * which edits are in force, returned as the increment, so that `model.with(e1, e2)` holds both.
 */
export type EditForm = "batch" | "sequence";

/** One call's settings; every editor adds its own options, documented beside their type. */
export interface EditContext {
  /** Seed of everything random in the edit. Default 0. */
  seed?: number;
  /** Other cases, from which an in-context editor may take demonstrations. The edited cases themselves are never used. Default none. */
  corpus?: readonly EditCase[];
  /** Second moments of keys. Default: each editor's own fallback, which its provenance names. */
  statistics?: StatisticsSource;
  signal?: AbortSignal;
  /** Called with every loss (nats) of an editor that optimises, so that long edits show how far they are. */
  onStep?: (step: number, of: number, loss: number) => void;
  /** Called now and then while an editor computes for seconds without a loss, such as the factors of wide statistics; `share` is done, 0 to 1. */
  onWork?: (what: string, share: number) => void;
}

/** A method that changes what a model answers for chosen inputs. It returns the edit as a value and never touches the model. */
export interface Editor {
  id: string;
  /** One line for lists: what it does. */
  summary: string;
  needs: Capability[];
  /** Protocols that ask for more are refused before anything is loaded. Default: single edits alone. */
  takes?: readonly EditForm[];
  /** The settings in force, as they go into the provenance. */
  options: Record<string, unknown>;
  edit(model: EditableModel, cases: readonly EditCase[], context?: EditContext): Promise<Edit>;
}
