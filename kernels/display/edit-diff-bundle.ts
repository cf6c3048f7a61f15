import { editDiffSvg } from "./edit-diff-svg.ts";
import { editDiffText } from "./edit-diff-text.ts";
import { EDIT_DIFF_MIME, type EditDiffPayload } from "./edit-diff.ts";
import type { MimeBundle } from "./mime.ts";
import { rasterise } from "./rasterise.ts";
import { readEditDiff } from "./read-edit-diff.ts";

/**
 * A before/after view in every form a notebook can show: the data for the interactive view, PNG (2x) and text.
 * No SVG beside them: it would hold every image a third time.
 *
 * Throws: PayloadError for a missing field or a probe whose image is not given.
 */
export async function editDiffBundle(payload: EditDiffPayload): Promise<MimeBundle> {
  const checked = readEditDiff(payload);
  return {
    [EDIT_DIFF_MIME]: checked,
    "image/png": await rasterise(editDiffSvg(checked)),
    "text/plain": editDiffText(checked),
  };
}
