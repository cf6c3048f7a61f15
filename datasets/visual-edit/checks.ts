import type { RecordCheck, SplitCopy } from "../validate-edits.ts";
import type { VisualEdit } from "./visual-edit.ts";

/** What a record is compared with: all records of its split. */
export interface VisualContext {
  questions: ReadonlySet<string>;
  /** Images of the edits, and of all other probes. */
  edited: ReadonlySet<string>;
}

export type VisualCheck = RecordCheck<VisualEdit, VisualContext>;

export const contextOf = ({ records }: SplitCopy<VisualEdit>): VisualContext => ({
  questions: new Set(records.map(({ record }) => record.src)),
  edited: new Set(records.map(({ record }) => record.image)),
});

/** What is expected of the shared checks: by the check's id, then by the name of the split. */
export type Expected = Readonly<Record<string, Readonly<Record<string, number>>>>;

const lower = (text: string) => text.toLowerCase();

/** Asked of every record of every visual benchmark; `field` is the published one. */
const SHARED: readonly Omit<VisualCheck, "expected">[] = [
  {
    id: "target-empty",
    summary: "target is empty: such records are left out",
    severity: "warning",
    field: "alt",
    found: ({ alt }) => alt.trim() === "",
  },
  {
    id: "target-is-answer",
    summary: "target is the old answer, so that nothing is edited",
    severity: "warning",
    field: "alt",
    found: ({ pred, alt }) => alt === pred,
  },
  {
    id: "target-is-answer-folded",
    summary: "target differs from the old answer in case alone",
    severity: "warning",
    field: "alt",
    found: ({ pred, alt }) => alt !== pred && pred !== undefined && lower(alt) === lower(pred),
  },
  {
    id: "target-untidy",
    summary: "target has spaces or line breaks at an end",
    severity: "warning",
    field: "alt",
    found: ({ alt }) => alt.trim() !== "" && alt !== alt.trim(),
  },
  {
    id: "target-in-question",
    summary: "question holds the target, ignoring case: the answer leaks",
    severity: "warning",
    field: "src",
    found: ({ src, alt }) => holds(src, alt),
  },
  {
    id: "target-in-rephrase",
    summary: "paraphrase holds the target, ignoring case: the answer leaks",
    severity: "warning",
    field: "rephrase",
    found: ({ rephrase, alt }) => rephrase !== undefined && holds(rephrase, alt),
  },
  {
    id: "rephrase-is-question",
    summary: "paraphrase is the question itself",
    severity: "warning",
    field: "rephrase",
    found: ({ src, rephrase }) => src === rephrase,
  },
  {
    id: "locality-is-edit",
    summary: "text locality asks a question that is edited",
    severity: "warning",
    field: "loc",
    found: ({ textLocality }, { questions }) => textLocality !== undefined && questions.has(textLocality.question),
  },
  {
    id: "rephrase-image-is-edited",
    summary: "second image is one of the edited images",
    severity: "warning",
    field: "image_rephrase",
    found: ({ imageRephrase }, { edited }) => imageRephrase !== undefined && edited.has(imageRephrase),
  },
  {
    id: "locality-image-is-edited",
    summary: "locality image is one of the edited images",
    severity: "warning",
    field: "m_loc",
    found: ({ imageLocality }, { edited }) => imageLocality !== undefined && edited.has(imageLocality.image),
  },
  {
    id: "probe-left-out",
    summary: "probes are not all there: a field is missing or empty",
    severity: "warning",
    field: "src",
    found: ({ notes }) => notes.some((note) => note.includes("left out")),
  },
];

// A short target such as "no" is in "nodule" too; whole words only where it has that shape.
function holds(text: string, target: string): boolean {
  const wanted = lower(target.trim());
  return wanted.length > 3 && lower(text).includes(wanted);
}

/** The shared checks with what one benchmark expects of them. */
export const sharedChecks = (expected: Expected): VisualCheck[] =>
  SHARED.map((check) => ({ ...check, ...(expected[check.id] && { expected: expected[check.id] }) }));

/** A number of different things in a split. */
export interface DistinctCheck {
  id: string;
  summary: string;
  expected?: Readonly<Record<string, number>>;
  /** The things of one record. */
  of(edit: VisualEdit): (string | undefined)[];
}

export const DISTINCT: readonly Omit<DistinctCheck, "expected">[] = [
  { id: "distinct-images", summary: "distinct edited images", of: ({ image }) => [image] },
  { id: "distinct-questions", summary: "distinct questions", of: ({ src }) => [src] },
  { id: "distinct-rephrases", summary: "distinct paraphrases", of: ({ rephrase }) => [rephrase] },
  {
    id: "distinct-image-files",
    summary: "distinct image files that are referred to",
    of: ({ image, imageRephrase, imageLocality }) => [image, imageRephrase, imageLocality?.image],
  },
];

export const distinctChecks = (expected: Expected): DistinctCheck[] =>
  DISTINCT.map((check) => ({ ...check, ...(expected[check.id] && { expected: expected[check.id] }) }));
