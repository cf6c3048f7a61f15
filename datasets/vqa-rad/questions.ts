import { findSplit } from "../benchmark-files.ts";
import { jsonRecords } from "../json-records.ts";
import { type QuestionFormat, questionReader } from "../question-records.ts";
import { layout } from "./layout.ts";
import { parseRecord } from "./record.ts";

/**
 * VQA-RAD as questions with answers. All 203 test images also occur in train; the split "train-image-disjoint", which is ours, is the
 * published train without the records of those images, so that it and test share none.
 *
 * Source: Lau et al. 2018, Scientific Data 5:180251.
 */
export const vqaRadQuestions: QuestionFormat = {
  layout,
  imageFolders: ["images", ""],
  langs: ["en"],
  parts: {
    "train-image-disjoint": {
      of: "train",
      async keep({ folder, signal }) {
        const tested = new Set<unknown>();
        const { path } = await findSplit(layout, folder, "test");
        for await (const { value } of jsonRecords(path, layout.benchmark, { signal }))
          if (typeof value === "object" && value !== null) tested.add((value as Record<string, unknown>).image_name);
        return (parsed) => "reference" in parsed && !tested.has(parsed.reference);
      },
    },
  },
  parse({ value, index }, where, split, note) {
    const parsed = parseRecord(value, index, where, (name) => name, { add: note });
    if ("skip" in parsed) return parsed;
    const { qid, image, organ, modality, question, answer, closed, questionTypes, phraseType } = parsed.record;
    return {
      reference: image.id,
      question: {
        id: `vqa-rad-${qid}`,
        benchmark: "vqa-rad",
        split,
        question,
        answer,
        closed,
        lang: "en",
        organ,
        modality,
        questionType: questionTypes.join(", "),
        meta: { qid: String(qid), phrase_type: phraseType },
      },
    };
  },
};

export const readVqaRadQuestions = questionReader(vqaRadQuestions);
