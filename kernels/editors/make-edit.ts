import type { EditCase } from "../../datasets/case.ts";
import type { Edit, Intervention, Provenance } from "../models/edit.ts";
import { editId } from "./edit-id.ts";

/**
 * Makes an edit, frozen through: its lists, its interventions and its provenance cannot be reassigned. (The numbers of a typed array cannot be
 * frozen: whoever writes to them changes the edit, and views that hold it.) Without a scope it always acts.
 */
export function makeEdit(
  cases: readonly EditCase[],
  interventions: Intervention[],
  provenance: Provenance,
  { scope = { kind: "always" }, supersedes, carried }: Partial<Pick<Edit, "scope" | "supersedes" | "carried">> = {},
): Edit {
  const images = [...new Set(cases.flatMap(({ image }) => (image ? [image.id] : [])))];
  const edit: Edit = {
    id: editId({ interventions, scope, supersedes }),
    editor: provenance.editor,
    cases: cases.map((each) => each.id),
    ...(images.length && { images }),
    interventions,
    scope,
    ...(supersedes?.length && { supersedes }),
    ...(carried && { carried }),
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
