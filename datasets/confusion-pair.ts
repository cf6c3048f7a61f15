import type { ImageRef } from "./case.ts";

export type OptionLetter = "A" | "B";

/** Two images that a vision encoder sees as alike, and one question that they answer differently. */
export interface ConfusionPair {
  id: string;
  benchmark: string;
  split: string;
  images: [ImageRef, ImageRef];
  question: string;
  /** Options A and B; each is right for one of the images. */
  options: [string, string];
  /** The right option of each image; always different ones. */
  answers: ["A", "B"] | ["B", "A"];
  /** What each image shows, for results by category. */
  categories: [string[], string[]];
  /** Descriptions of the images. They contain the answers: never for a model. */
  captions: [string, string];
  /** Cosine of the encoder's features, and similarity in the second view, in which the images must differ. */
  similarity: { encoder: number; secondView: number };
  /** Pairs that share images, directly or through others, have one cluster: intervals resample clusters, not pairs. */
  cluster: string;
  /** Another wording, with an option that neither image shows where the answer type has one: a text distractor. */
  draft: { question: string; options: [string, string] };
  meta: Record<string, string>;
}
