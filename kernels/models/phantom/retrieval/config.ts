/** Sizes of the retrieval encoder: under half a million parameters in two towers, 1.9 MB. Its image tower is the phantom's vision stem. */
export const RETRIEVAL = {
  /** Values of an embedding. */
  embedding: 96,
  text: { width: 96, layers: 2, heads: 4, inner: 256, rotaryBase: 10000 },
  /** 1 / temperature at the start of training, one for each kind of pair; learnt from there. Source: arXiv 2103.00020, section 2.5. */
  scale: 1 / 0.07,
} as const;
