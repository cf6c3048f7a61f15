import type { Probe } from "../case.ts";
import { findFiles } from "../benchmark-files.ts";
import { jsonRecords } from "../json-records.ts";
import type { ReadOptions } from "../reading.ts";
import { MalformedRecordError, RecordFields } from "../record-fields.ts";
import type { Joined } from "../visual-edit/format.ts";
import { sharedFields } from "../visual-edit/shared-fields.ts";
import type { VisualEdit } from "../visual-edit/visual-edit.ts";
import { attacks } from "./attacks.ts";
import { layout } from "./layout.ts";

/** What a record of the attack file and one of the eval file have in common when they are one edit; ids are not shared. */
export const joinKey = ({ image, src, pred, alt }: Pick<VisualEdit, "image" | "src" | "pred" | "alt">): string =>
  JSON.stringify([image, src, pred ?? null, alt]);

/**
 * The attacks of the attack file, to be added to the records of the eval split. It holds the questions of that file, 721 as published. Where
 * several eval records are one edit, the first of them gets the attacks.
 *
 * Throws: BenchmarkFileError; MalformedRecordError, unless malformed records are to be reported.
 */
export async function attackIndex(options: ReadOptions): Promise<Joined> {
  const file = (await findFiles(layout, options.folder)).find(({ split }) => split === "attack");
  if (!file) return { sources: [], add: () => {}, rest: () => ["no attack file: robustness is left out"] };
  const byEdit = new Map<string, Omit<Probe, "image">[]>();
  const notes: string[] = [];
  for await (const json of jsonRecords(file.path, layout.benchmark, { signal: options.signal }))
    try {
      const fields = new RecordFields(json, `${layout.benchmark}: ${file.name}`);
      const found = attacks(fields);
      const key = joinKey(sharedFields(fields));
      byEdit.set(key, [...(byEdit.get(key) ?? []), ...found.probes]);
      notes.push(...found.notes);
    } catch (error) {
      if (options.onInvalid !== "report" || !(error instanceof MalformedRecordError)) throw error;
      notes.push("attack record that is malformed, left out");
    }
  return {
    sources: [file.name],
    add(edit) {
      const key = joinKey(edit);
      edit.more.push(...(byEdit.get(key) ?? []));
      byEdit.delete(key);
    },
    rest: () => [...notes, ...[...byEdit].map(() => "attacks on an edit that the eval file does not have, left out")],
  };
}
