import type { EditCase } from "../../datasets/case.ts";
import type { SentenceEncoder } from "../models/sentence-encoder.ts";
import { type Demonstration, demonstrationsOf } from "./demonstrations.ts";

/** Every demonstration of a corpus, with its vector [width]. */
export interface IndexedCorpus {
  demonstrations: Demonstration[];
  vectors: Float32Array[];
}

/** Encodes the demonstrations of a corpus once, however many cases are edited with it. */
export class DemonstrationIndex {
  readonly #known = new WeakMap<SentenceEncoder, WeakMap<readonly EditCase[], IndexedCorpus>>();

  /** Throws: CancelledError, after which nothing is kept; what the encoder throws. */
  async of(encoder: SentenceEncoder, corpus: readonly EditCase[], signal?: AbortSignal): Promise<IndexedCorpus> {
    let corpora = this.#known.get(encoder);
    if (!corpora) this.#known.set(encoder, (corpora = new WeakMap()));
    const demonstrations = corpus.flatMap(demonstrationsOf);
    const found = corpora.get(corpus);
    // A list may have been changed since.
    if (found && sameTexts(found.demonstrations, demonstrations)) return found;
    const texts = demonstrations.map(({ text }) => text);
    const indexed = { demonstrations, vectors: await encoder.encode(texts, signal) };
    corpora.set(corpus, indexed);
    return indexed;
  }
}

const sameTexts = (a: readonly Demonstration[], b: readonly Demonstration[]): boolean =>
  a.length === b.length && a.every(({ text }, i) => text === b[i].text);
