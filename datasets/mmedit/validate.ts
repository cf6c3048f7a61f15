import type { VisualCheck } from "../visual-edit/checks.ts";
import { checkSharedImages } from "../visual-edit/shared-images.ts";
import { visualValidator } from "../visual-edit/validate.ts";
import { mmeditFormat } from "./format.ts";

const answered = (id: string, summary: string, expected: VisualCheck["expected"], is: (alt: string) => boolean) => ({
  id,
  summary,
  severity: "note" as const,
  field: "alt",
  expected,
  found: ({ alt }: { alt: string }) => is(alt),
});

/** Checks a copy of MMEdit against the counts of its files (E-VQA train and eval, E-IC eval; the paper states 6,346 for E-VQA train). */
export const validateMmedit = visualValidator({
  format: mmeditFormat,
  records: { train: 6345, eval: 2093, "caption-eval": 1000, "caption-train": 2849 },
  expected: {
    "target-is-answer": { train: 0, eval: 0, "caption-eval": 0 },
    "target-is-answer-folded": { train: 6, eval: 4, "caption-eval": 0 },
    "target-untidy": { train: 0, eval: 0, "caption-eval": 144 },
    "rephrase-is-question": { train: 117, eval: 45, "caption-eval": 0 },
    "distinct-images": { train: 3363, eval: 1390, "caption-eval": 1000 },
    "distinct-questions": { train: 5398, eval: 1927, "caption-eval": 1 },
    "distinct-rephrases": { "caption-eval": 19 },
    repeated: { train: 2, eval: 1, "caption-eval": 0 },
  },
  checks: [
    answered("numeric-target", "target is a number", { train: 1129, eval: 352 }, (alt) => /^[\d.,]+$/.test(alt)),
    answered("yes-target", "target is yes", { train: 528, eval: 178 }, (alt) => /^yes$/i.test(alt)),
    answered("no-target", "target is no", { train: 309, eval: 111 }, (alt) => /^no$/i.test(alt)),
    answered("long-target", "target has several words", { train: 1334, eval: 428 }, (alt) => /\S\s+\S/.test(alt)),
    answered("broken-target", "target holds a line break", { "caption-eval": 2 }, (alt) => alt.includes("\n")),
    {
      id: "locality-from-nq",
      summary: 'text locality begins with "nq question: "',
      severity: "note",
      field: "loc",
      expected: { train: 6345, eval: 2093, "caption-eval": 1000 },
      found: ({ textLocality }) => textLocality?.question.startsWith("nq question: ") ?? false,
    },
  ],
  more: (checks, splits) => checkSharedImages(checks, splits, ["train", "eval"], 845),
});
