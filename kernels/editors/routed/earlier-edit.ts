import type { Edit } from "../../models/edit.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import { makeEdit } from "../make-edit.ts";

/** What a routed editor builds on in a view that holds edits already. */
export interface Earlier {
  /** The editor's last edit at the same site, whose memory the next one goes on with. */
  edit?: Edit;
  /** The view without that memory: what its router sees. */
  base: EditableModel;
  /** Ids of all edits that the next one contains. */
  supersedes: string[];
}

/** The memory that an editor has at a site in a view. A memory at another site stays in force beside the new one. */
export function earlierEdit(model: EditableModel, editor: string, site: SiteId): Earlier {
  const edit = model.edits.findLast(
    (each) => each.editor === editor && "site" in each.scope && each.scope.site === site,
  );
  if (!edit) return { base: model, supersedes: [] };
  const supersedes = [...(edit.supersedes ?? []), edit.id];
  const nothing = { editor, model: model.id, seed: 0, options: {} };
  return { edit, base: model.with(makeEdit([], [], nothing, { supersedes })), supersedes };
}
