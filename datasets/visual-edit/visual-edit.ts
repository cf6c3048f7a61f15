import type { Probe } from "../case.ts";
import type { HardNegativeName } from "../hard-negative.ts";

/** A question and its answer. */
export interface Asked {
  question: string;
  answer: string;
}

/** What the published visual edits have in common; images are references as they stand in the file. */
export interface VisualEdit {
  /** The record's own id, where it has one. */
  id?: string;
  image: string;
  src: string;
  alt: string;
  /** What the benchmark says the model believed. */
  pred?: string;
  rephrase?: string;
  imageRephrase?: string;
  textLocality?: Asked;
  imageLocality?: Asked & { image: string };
  /** Probes whose image is the edited one, in the order of the record: portability, robustness, fine-grained ones. */
  more: Omit<Probe, "image">[];
  /** Hard negatives that the record brings itself. */
  negatives: (Asked & { name: HardNegativeName; image: string; unchanged: boolean })[];
  meta: Record<string, string>;
  /** What was left out or is odd about the record; counted among the notes of a reading. */
  notes: string[];
}

/** Fields of the eleven that MedMKEB, VLKEB and MMEdit share which hold a reference to an image. */
export const IMAGE_FIELDS = ["image", "image_rephrase", "m_loc"] as const;

/** The eleven fields that MedMKEB, VLKEB and MMEdit share. */
export const SHARED_FIELDS = [
  ...["src", "rephrase", "pred", "alt", "image", "image_rephrase"],
  ...["loc", "loc_ans", "m_loc", "m_loc_q", "m_loc_a"],
] as const;
