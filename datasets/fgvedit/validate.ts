import type { VisualCheck } from "../visual-edit/checks.ts";
import { checkSharedImages } from "../visual-edit/shared-images.ts";
import { visualValidator } from "../visual-edit/validate.ts";
import { fgveditFormat } from "./format.ts";
import { PUBLISHED_RECORDS } from "./layout.ts";
import type { VisualEdit } from "../visual-edit/visual-edit.ts";

const question = ({ more }: VisualEdit, kind: string) => more.find((probe) => probe.kind === kind)?.question;

const CHECKS: readonly VisualCheck[] = [
  {
    id: "in-scope-is-question",
    summary: "in-scope question is the edited one",
    severity: "warning",
    field: "fg_gen_q",
    found: (edit) => question(edit, "fine-grained-generality") === edit.src,
  },
  {
    id: "out-of-scope-is-question",
    summary: "out-of-scope question is the edited one or its paraphrase: locality and efficacy contradict each other",
    severity: "warning",
    field: "fg_loc_q",
    found: (edit) => [edit.src, edit.rephrase].includes(question(edit, "fine-grained-locality")),
  },
  {
    id: "scopes-agree",
    summary: "in-scope and out-of-scope questions are one",
    severity: "warning",
    field: "fg_loc_q",
    found: (edit) => question(edit, "fine-grained-generality") === question(edit, "fine-grained-locality"),
  },
];

/** Checks a copy of FGVEdit: 11,112 records in two files, every field a string with something in it but for empty targets. */
export const validateFgvedit = visualValidator({
  format: fgveditFormat,
  records: PUBLISHED_RECORDS,
  expected: {},
  checks: CHECKS,
  more: (checks, splits) => checkSharedImages(checks, splits, ["train", "test"]),
});
