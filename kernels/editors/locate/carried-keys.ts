import { throwIfCancelled } from "../../errors.ts";
import type { Carried, Edit, SiteId } from "../../models/edit.ts";
import type { Tensor } from "../../tensor.ts";
import { cannotGoOn } from "../carried.ts";
import { addKeys, emptyGram, type KeyGram } from "../closed-forms/key-gram.ts";

const prefix = (site: SiteId) => `keys of ${site} from `;

/**
 * The keys of an edit [tokens, in] at a site, for the edit to carry. They are named by their place in the sequence of the view's edits, so that
 * edits that are folded into one keep all of theirs.
 */
export function carryKeys(edits: readonly Edit[], editor: string, site: SiteId, keys: Tensor<Float32Array>): Carried {
  const before = keysIn(edits, editor, site).reduce((sum, { dims }) => sum + dims[0], 0);
  return { [prefix(site) + before]: keys };
}

/**
 * The sum of k k^T over the keys of `width` values that an editor's edits carry at a site.
 *
 * Throws: CarriedError for an edit that wrote something and carries nothing; ClosedFormError for keys of another width; CancelledError.
 */
export function carriedKeys(
  edits: readonly Edit[],
  editor: string,
  site: SiteId,
  width: number,
  signal?: AbortSignal,
): KeyGram {
  let gram = emptyGram(width);
  for (const keys of keysIn(edits, editor, site)) {
    throwIfCancelled(signal, editor);
    gram = addKeys(gram, keys);
  }
  return gram;
}

function keysIn(edits: readonly Edit[], editor: string, site: SiteId): Tensor<Float32Array>[] {
  return edits.flatMap((edit) => {
    if (edit.editor !== editor) return [];
    if (!edit.carried && edit.interventions.length) throw cannotGoOn(edit, "its keys");
    const own = Object.entries(edit.carried ?? {}).filter(([name]) => name.startsWith(prefix(site)));
    return own.map(([, keys]) => keys as Tensor<Float32Array>);
  });
}
