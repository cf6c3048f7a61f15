export const EDIT_DIFF_MIME = "application/vnd.medke.edit-diff.v1+json";

/** An image by value, scaled for the screen. */
export interface DiffImage {
  mime: "image/jpeg" | "image/png";
  base64: string;
  width: number;
  height: number;
  /** Text for screen readers. */
  alt: string;
}

/** One probe before and after the edit. */
export interface DiffProbe {
  kind: string;
  name?: string;
  question: string;
  /** Key into `images`. */
  image?: string;
  before: string;
  after: string;
  expected: string;
  pass: boolean;
  /** Mean log-probability of `scored`, nats per token. */
  scored: string;
  logprob_before: number;
  logprob_after: number;
}

/** Data of an image-level before/after view of one edit. */
export interface EditDiffPayload {
  version: 1;
  case: string;
  editor: string;
  model: string;
  benchmark: string;
  question: string;
  /** What the model answered before, and what it shall answer. */
  answer: string;
  target: string;
  notice: string;
  /** Key of the edited image in `images`. */
  image?: string;
  images: Record<string, DiffImage>;
  probes: DiffProbe[];
}
