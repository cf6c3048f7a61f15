import { type QuestionFormat, questionReader } from "../question-records.ts";
import { RecordFields } from "../record-fields.ts";
import { layout } from "./layout.ts";

const KNOWN = new Set([
  ...["img_id", "img_name", "question", "answer", "q_lang", "location", "modality", "answer_type"],
  ...["base_type", "content_type", "triple", "qid"],
]);

/**
 * SLAKE as questions with answers, in English or Chinese. Its splits are image-disjoint inside one language alone: 142 images of train in
 * one language are in test in the other, so one language is read at a time unless both are asked for.
 *
 * Source: Liu et al. 2021, arXiv 2102.09542.
 */
export const slakeQuestions: QuestionFormat = {
  layout,
  imageFolders: ["imgs", ""],
  langs: ["en", "zh"],
  parse(json, where, split) {
    const fields = new RecordFields(json, where);
    const qid = fields.integer("qid");
    const lang = fields.text("q_lang");
    if (lang !== "en" && lang !== "zh") return fields.refuse("q_lang", "expected en or zh", lang);
    const type = fields.text("answer_type").trim();
    if (type !== "OPEN" && type !== "CLOSED") return fields.refuse("answer_type", "expected OPEN or CLOSED", type);
    const answer = fields.text("answer");
    const question = fields.filled("question");
    const reference = fields.filled("img_name");
    if (answer.trim() === "") return { skip: "the answer is empty" };
    const triple = fields.raw("triple");
    return {
      reference,
      question: {
        id: `slake-${qid}`,
        benchmark: "slake",
        split,
        question,
        answer,
        closed: type === "CLOSED",
        lang,
        organ: fields.text("location"),
        modality: fields.text("modality"),
        questionType: fields.text("content_type"),
        meta: {
          ...fields.rest(KNOWN),
          qid: String(qid),
          img_id: String(fields.integer("img_id")),
          base_type: fields.text("base_type"),
          ...(triple !== undefined && { triple: JSON.stringify(triple) }),
        },
      },
    };
  },
};

export const readSlake = questionReader(slakeQuestions);
