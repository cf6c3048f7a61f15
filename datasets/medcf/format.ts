import type { FileLayout } from "../benchmark-files.ts";
import type { EditFormat } from "../edit-records.ts";
import type { RecordFields } from "../record-fields.ts";
import { textEditCase } from "../text-edit.ts";
import { type LocalityKind, localityKinds, medcfLayout, medcfPlusLayout } from "./layout.ts";

/** One record of the published JSON. Nothing in it is trimmed or repaired. */
export interface MedcfRecord {
  prompt: string;
  rephrase: string;
  target: string;
  groundTruth: string;
  subject: string;
  locality: { name: LocalityKind; field: string; prompt: string; answer: string }[];
  /** Fields that were not published. */
  more: Record<string, string>;
}

const EDIT_FIELDS = ["prompt", "target_new", "subject", "ground_truth", "rephrase_prompt"];

function parse(fields: RecordFields, { split }: { split: string }): MedcfRecord {
  const locality = localityKinds(split).map(({ name, prompt, answer }) => ({
    name,
    field: prompt,
    prompt: fields.filled(prompt),
    answer: fields.filled(answer),
  }));
  const known = new Set([...EDIT_FIELDS, ...localityKinds(split).flatMap(({ prompt, answer }) => [prompt, answer])]);
  return {
    prompt: fields.filled("prompt"),
    rephrase: fields.filled("rephrase_prompt"),
    target: fields.filled("target_new"),
    groundTruth: fields.filled("ground_truth"),
    subject: fields.filled("subject"),
    locality,
    more: fields.rest(known),
  };
}

const format = (layout: FileLayout): EditFormat<MedcfRecord> => ({
  layout,
  parse,
  toCase: ({ prompt, rephrase, target, groundTruth, subject, locality, more }, split, index) =>
    textEditCase(layout.benchmark, `${split}-${index}`, split, {
      prompt,
      rephrase,
      target,
      groundTruth,
      locality,
      meta: { ...more, subject },
    }),
});

/**
 * MedCF: text edits of drug-graph triples with four kinds of locality ("target": another head with the same old answer; "mapping": the same
 * subject, another relation; "struc": a structurally similar entity; "tokenSem": a textually similar item). Records have no id: the
 * position in the file stands in the case id.
 */
export const medcfFormat = format(medcfLayout);

export const OWN_COLLISION = "the edit prompt is one of its own locality prompts";

/**
 * MedCF++: the records of MedCF whose prompt differs from all four of their own locality prompts, for single edits. Read from the published
 * `*_single.json` where it is there, else filtered out of MedCF's file, which gives the same records
 * under the same case ids.
 */
export const medcfPlusFormat: EditFormat<MedcfRecord> = {
  ...format(medcfPlusLayout),
  leaveOut: ({ prompt, locality }) => (locality.some((item) => item.prompt === prompt) ? OWN_COLLISION : undefined),
};
