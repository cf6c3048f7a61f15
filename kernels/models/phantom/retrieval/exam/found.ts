/** What a group of look-ups shows about the encoder. */
export const RETRIEVAL_GROUPS = {
  fact: "text to text: facts seen in training",
  "fact-held-out": "text to text: facts of heads kept out of training",
  composed: "text to text: 2 and 3 hops, seen in training",
  "composed-held-out": "text to text: 2 and 3 hops, heads kept out of training",
  visual: "text to text: questions about images",
  words: "control: all text to text, by shared words alone, rare ones weighing more",
  caption: "image to caption",
  image: "caption to image",
  retaken: "image to another taking of the scene",
  "caption-modality": "image to caption, within one modality",
  "image-modality": "caption to image, within one modality",
  "retaken-modality": "image to another taking of the scene, within one modality",
  "caption-changed": "image to caption, against that with one attribute changed",
  "retaken-changed": "image to another taking, against the scene with one attribute changed",
} as const;
export type RetrievalGroup = keyof typeof RETRIEVAL_GROUPS;

/** One look-up. */
export interface Found {
  group: RetrievalGroup;
  /** Look-ups about one thing or scene are not independent: intervals resample clusters. */
  cluster: string;
  /** Wrong candidates before the first right one. */
  rank: number;
  /** Number of candidates. */
  candidates: number;
}
