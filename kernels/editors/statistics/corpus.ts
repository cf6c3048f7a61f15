import type { EditCase, ImageRef } from "../../../datasets/case.ts";
import { contentDigest } from "./content-digest.ts";

/** A question with the answer that the model is expected to give. */
export interface CorpusText {
  image?: ImageRef;
  question: string;
  answer: string;
}

/** What statistics are gathered over. */
export interface Corpus {
  /** In words, for provenance. */
  name: string;
  /** Changes with every text; images count by their ids. */
  digest: string;
  /** Number of texts. */
  size: number;
  texts(): Iterable<CorpusText> | AsyncIterable<CorpusText>;
}

/** A corpus of texts in memory. */
export function corpusOf(name: string, texts: readonly CorpusText[]): Corpus {
  const plain = texts.map(({ image, question, answer }) => [image?.id ?? "", question, answer]);
  return {
    name: `${name} (${texts.length} ${texts.length === 1 ? "text" : "texts"})`,
    digest: contentDigest(plain),
    size: texts.length,
    texts: () => texts,
  };
}

/**
 * What a model knew of some cases before any edit: their questions with the answers that they had, and the questions that must keep their
 * answers. Targets and paraphrases are left out.
 */
export function casesCorpus(name: string, cases: readonly EditCase[]): Corpus {
  const texts = cases.flatMap(({ image, question, answer, probes }) => [
    ...(answer === undefined ? [] : [{ image, question, answer }]),
    ...probes.flatMap(({ image, question, expect }) =>
      "unchanged" in expect ? [{ image, question, answer: expect.context }] : [],
    ),
  ]);
  return corpusOf(name, texts);
}
