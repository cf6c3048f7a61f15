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
 * What a model knew of some cases before any edit: their questions with the answers that they had. Probes are left out, those of locality too:
 * statistics over the very questions that a test asks would protect them.
 */
export function casesCorpus(name: string, cases: readonly EditCase[]): Corpus {
  const texts = cases.flatMap(({ image, question, answer }) =>
    answer === undefined ? [] : [{ image, question, answer }],
  );
  return corpusOf(name, texts);
}
