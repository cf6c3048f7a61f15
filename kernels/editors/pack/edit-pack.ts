import type { Edit } from "../../models/edit.ts";

/** What a .medke file holds: edits in their order, and the model on which they were made. */
export interface EditPack {
  /** Version of the format. */
  version: number;
  /** Version of medke that wrote the file. */
  medke: string;
  /** What must stand wherever an answer of the edited model is shown. */
  notice: string;
  /** The base model: its name, and the digest of its weights, tokenizer and image preparation. */
  model: { id: string; digest: string };
  /** Digest of the file's content, 64 hexadecimal digits; it was checked when the file was read. */
  sha256: string;
  /** Size of the file. */
  bytes: number;
  /** With their provenance: editor, options, seed, trace. Frozen. */
  edits: readonly Edit[];
}
