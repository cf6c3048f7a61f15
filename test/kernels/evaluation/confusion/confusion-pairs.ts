import type { ImageRef } from "../../../../datasets/case.ts";
import type { ConfusionPair } from "../../../../datasets/confusion-pair.ts";

const image = (id: string): ImageRef => ({ id, path: `/images/${id}` });

/** Invented pairs about two images each: the first is left, the second right; the right letter alternates. */
export const sidePairs = (n: number): ConfusionPair[] =>
  Array.from({ length: n }, (_, i) => {
    const swapped = i % 2 === 1;
    return {
      id: `pair-${i}`,
      benchmark: "invented",
      split: "test",
      images: [image(`one${i}.png`), image(`two${i}.png`)],
      question: `Which side is finding ${i} on?`,
      options: swapped ? ["on the right", "left"] : ["left", "on the right"],
      answers: swapped ? ["B", "A"] : ["A", "B"],
      categories: [["ct", i % 3 ? "odd" : "even"], ["ct"]],
      captions: [" SECRET caption: left.", " SECRET caption: right."],
      similarity: { encoder: 0.99, secondView: 0.1 },
      cluster: String(Math.floor(i / 2)),
      draft: { question: "SECRET draft?", options: ["SECRET", "SECRET"] },
      meta: {},
    };
  });
