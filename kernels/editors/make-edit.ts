import type { EditCase } from "../../datasets/case.ts";
import type { Edit, Intervention, Provenance } from "../models/edit.ts";
import { editId } from "./edit-id.ts";

/**
 * Makes an edit that always acts, frozen through: its lists, its interventions and its provenance cannot be reassigned. (The numbers of a
 * typed array cannot be frozen; a view copies them when it is made.)
 */
export function makeEdit(cases: readonly EditCase[], interventions: Intervention[], provenance: Provenance): Edit {
  const edit: Edit = {
    id: editId(interventions),
    editor: provenance.editor,
    cases: cases.map((each) => each.id),
    interventions,
    scope: { kind: "always" },
    provenance,
  };
  return freeze(edit);
}

/** Freezes plain data through and returns it; typed arrays stay as they are. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
