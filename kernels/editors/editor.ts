import type { EditCase } from "../../datasets/case.ts";
import type { Edit } from "../models/edit.ts";
import type { EditableModel } from "../models/editable-model.ts";

/** What an editor asks of a model. */
export type Capability = "forward" | "gradients";

/** One call's settings; every editor adds its own, documented beside its type. */
export interface EditContext {
  /** Seed of everything random in the edit. Default 0. */
  seed: number;
  signal?: AbortSignal;
}

/** A method that changes what a model answers for chosen inputs. It returns the edit as a value and never touches the model. */
export interface Editor {
  id: string;
  /** One line for lists: what it does. */
  summary: string;
  needs: Capability[];
  edit(model: EditableModel, cases: EditCase[], context: EditContext): Promise<Edit>;
}
