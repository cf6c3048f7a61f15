import { isUserFacing } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { requireEncoder } from "../../models/scopes/require-encoder.ts";
import { shownValue } from "../../runtime/safetensors/shown-value.ts";
import type { EditPack } from "./edit-pack.ts";
import { EditPackError, OtherModelError } from "./errors.ts";

/**
 * The view of a model in which a pack's edits are in force, after those of the model itself where it is a view. It gives the logits that
 * the pack's maker saw, on the same kind of processor to the last bit.
 *
 * `force` applies a pack of another base model, where all its tensors fit the sites; what the answers then mean is for the caller to know.
 * Throws: OtherModelError for a pack of another base model; EditMismatchError where a tensor does not fit; EncoderMismatchError where a router's
 * sentence encoder is another one here, and what opening it throws; EditPackError for malformed edits.
 */
export async function applyPack(
  model: EditableModel,
  pack: EditPack,
  { force = false }: { force?: boolean } = {},
): Promise<EditableModel> {
  const digest = await model.digest?.();
  if (digest !== pack.model.digest && !force)
    throw new OtherModelError(
      `the pack was made on model ${shownValue(pack.model.id)} with digest ${pack.model.digest}; "${model.id}" has ${digest ?? "none"}.`,
    );
  const view = withEdits(model, pack);
  for (const { scope } of pack.edits)
    if (scope.kind === "nearest-text") await requireEncoder(scope, await view.sentenceEncoder(scope.encoder));
  return view;
}

function withEdits(model: EditableModel, pack: EditPack): EditableModel {
  try {
    return model.with(...pack.edits);
  } catch (cause) {
    if (isUserFacing(cause)) throw cause;
    throw new EditPackError(
      `the pack's edits have a form that this medke does not know (${(cause as Error).message}); medke ${pack.medke} wrote them. Make the edit again with this one.`,
      { cause },
    );
  }
}
