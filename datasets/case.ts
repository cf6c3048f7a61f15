/** A reference to an image on the user's machine; pixels are read when they are needed. */
export interface ImageRef {
  /** Stable name inside its benchmark, for example "synpic54610.jpg". */
  id: string;
  /** Absolute path. Never stored in results: those carry the id. */
  path: string;
}

export type TaskKind = "edit-text" | "edit-vision";

export type ProbeKind =
  | "reliability"
  | "text-generality"
  | "image-generality"
  | "text-locality"
  | "image-locality"
  | "portability"
  | "robustness"
  | "fine-grained-generality"
  | "fine-grained-locality";

/** What counts as right: a given answer, or the base model's own answer (`context` is the reference answer, used as teacher-forced text). */
export type Expectation = { answer: string } | { unchanged: true; context: string };

/** One question that tests an edit. */
export interface Probe {
  kind: ProbeKind;
  image?: ImageRef;
  question: string;
  expect: Expectation;
  /** A kind within the kind, such as "mapping" for a locality probe; of a robustness probe, the attack. */
  name?: string;
  /** Of a portability probe: how many facts lead to its answer. */
  hop?: 1 | 2 | 3 | 4;
}

/** One desired change, with everything that tests it. */
export interface EditCase {
  id: string;
  benchmark: string;
  split: string;
  task: TaskKind;
  image?: ImageRef;
  question: string;
  /** What the benchmark says the model believed. */
  answer?: string;
  /** What it shall believe. Deliberately false in most benchmarks: a counterfactual test edit. */
  target: string;
  /** False where the benchmark's target is the right answer, as in MMEdit. Elsewhere the target counts as counterfactual. */
  counterfactual?: false;
  probes: Probe[];
  meta: Record<string, string>;
}

/** The label that accompanies edited answers wherever they are shown. */
export const COUNTERFACTUAL_NOTICE =
  "Counterfactual test edit: the target is deliberately false and is not medical information.";

/** What stands in the same place for a run of cases whose targets are all right answers. */
export const CORRECTION_NOTICE =
  "Test edits towards the benchmark's own right answers; nothing here is medical information.";

/** What an edited answer of a case is shown with; nothing where its target is the right answer. */
export const noticeOf = ({ counterfactual }: Pick<EditCase, "counterfactual">): string | undefined =>
  counterfactual === false ? undefined : COUNTERFACTUAL_NOTICE;
