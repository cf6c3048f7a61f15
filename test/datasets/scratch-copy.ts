import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder in the temporary directory with these files, values as JSON one field a line. The caller removes it. */
export function scratchCopy(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), "medke-copy-"));
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value, null, 2));
  }
  return folder;
}

/** An invented MedVersa record; `fields` override it. */
export const medversaRecord = (id: number, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  prompt: `Which organ holds the gland of fact ${id}?`,
  ground_truth: "dorsal veil",
  subject_name: "Anatomy",
  topic_name: "veils",
  id,
  locality_prompt: `Which fold carries the marker of fact ${id}?`,
  locality_ground_truth: "outer fold",
  locality_subject_name: "Anatomy",
  locality_topic_name: "folds",
  locality_id: 10_000 + id,
  rephrase_prompt: `In which organ does the gland of fact ${id} lie?`,
  target_new: "inner reed",
  ...fields,
});

/** An invented MedCF record; `fields` override it. */
export const medcfRecord = (name: string, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  prompt: `Which salve treats ${name}?`,
  target_new: "ombrine",
  subject: name,
  ground_truth: "veltrine",
  rephrase_prompt: `By which salve is ${name} treated?`,
  ...Object.fromEntries(
    ["target", "mapping", "struc", "tokenSem"].flatMap((kind) => [
      [`locality_${kind}_prompt`, `Which ${kind} item goes with ${name}?`],
      [`locality_${kind}_ground_truth`, "veltrine"],
    ]),
  ),
  ...fields,
});
