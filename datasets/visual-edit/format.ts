import type { FileLayout, FoundFile } from "../benchmark-files.ts";
import type { RecordFields } from "../record-fields.ts";
import type { ReadOptions } from "../reading.ts";
import type { AttributeQuestion } from "./negative-index.ts";
import type { VisualEdit } from "./visual-edit.ts";

/** A benchmark whose files are lists of visual edits: where they lie, and how one record is read. */
export interface VisualFormat {
  layout: FileLayout;
  /** Folders that references may start from, relative to the benchmark's; the usual one first, "" for itself. */
  imageFolders: readonly string[];
  /** Reads a record. Throws: MalformedRecordError. */
  parse(fields: RecordFields, file: FoundFile): VisualEdit;
  /** Which of its answers the edited image shows; the other records' questions are asked with it. Default: `pred`, else `alt`. */
  shown?: "pred" | "alt";
  /** Where targets are right answers: its cases carry no counterfactual notice. */
  corrects?: true;
  /** A question about an image that has nothing to do with the edit, where the record says what the image is. */
  attribute?(edit: VisualEdit): AttributeQuestion | undefined;
  /** Changes the edits of one reading as they pass, for what lies in other files. */
  joined?(options: ReadOptions & { split: string }): Promise<Joined>;
}

/** What a reading adds from other files. */
export interface Joined {
  /** Names of the files, for the reading's sources. */
  sources: readonly string[];
  add(edit: VisualEdit): void;
  /** What was left over, once every record was seen. */
  rest(): string[];
}
