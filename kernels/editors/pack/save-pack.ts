import { COUNTERFACTUAL_NOTICE } from "../../../datasets/case.ts";
import { shownPath } from "../../../datasets/shown-path.ts";
import manifest from "../../../package.json" with { type: "json" };
import { SafetensorsError } from "../../runtime/safetensors/header.ts";
import { layOut, writeLayout } from "../../runtime/safetensors/write.ts";
import type { Edit } from "../../models/edit.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { editId } from "../edit-id.ts";
import type { EditPack } from "./edit-pack.ts";
import { PlainEncoder } from "./encode.ts";
import { EditPackError } from "./errors.ts";
import { beginSeal, seal, UNSEALED } from "./seal.ts";

/** What the files of this medke say they are. */
export const FORMAT = "medke edit pack";
export const VERSION = 2;
/** The oldest that it reads. Version 1 had no `carried`: its edits act, and those that an editor would need it of cannot be gone on with. */
export const OLDEST = 1;

export interface SavePackOptions {
  /** What is shown with every edited answer. Default: the counterfactual notice; CORRECTION_NOTICE where all targets are right answers. */
  notice?: string;
}

/**
 * Saves edits as one `.medke` file, from which `loadPack` on any machine gives them back bit for bit. `model` is the base model that they
 * were made on, or a view of it; edits made in sequence are saved together, in their order. Two saves of the same edits are equal bytes.
 *
 * Throws: EditPackError for no edits, for data that a file cannot keep, and where the file cannot be written; EditMismatchError for edits of another model.
 */
export async function savePack(
  file: string,
  edits: readonly Edit[],
  model: EditableModel,
  { notice = COUNTERFACTUAL_NOTICE }: SavePackOptions = {},
): Promise<EditPack> {
  if (edits.length === 0)
    throw new EditPackError(`${shownPath(file)}: there is no edit to save. Pass at least one, such as [edit].`);
  const digest = await model.digest?.();
  if (!digest)
    throw new EditPackError(
      `${shownPath(file)}: model "${model.id}" comes from no files, so that nobody could tell later what the edits fit. Save edits of a model that loadModel gives.`,
    );
  model.with(...edits); // refuses what does not fit, before it is in a file
  const encoder = new PlainEncoder();
  const document = {
    model: { id: model.id, digest },
    edits: edits.map((edit, i) => ({ content: editId(edit), edit: encoder.encode(edit, `edits.${i}`) })),
  };
  const metadata = {
    ...{ sha256: UNSEALED, format: FORMAT, version: String(VERSION), medke: manifest.version, notice },
    document: JSON.stringify(document),
  };
  try {
    const layout = layOut(metadata, encoder.tensors);
    const hash = beginSeal(layout.head);
    for (const part of layout.data) hash.update(part);
    const sha256 = hash.digest("hex");
    seal(layout.head, sha256);
    await writeLayout(file, layout);
    const bytes = layout.data.reduce((sum, part) => sum + part.length, layout.head.length);
    const { model: base } = document;
    return { version: VERSION, medke: manifest.version, notice, model: base, sha256, bytes, edits: [...edits] };
  } catch (cause) {
    if (cause instanceof SafetensorsError)
      throw new EditPackError(`${shownPath(file)}: ${cause.message}. Save fewer edits in one file.`, { cause });
    throw new EditPackError(
      `${shownPath(file)} cannot be written (${(cause as Error).message.split(",")[0]}). Name a file in a folder that exists.`,
      { cause },
    );
  }
}
