/** "train" wordings may be trained on; "probe" wordings are kept for tests of unseen paraphrases. No wording is in both. */
export type TemplateSplit = "train" | "probe";

export interface QuestionAnswer {
  /** Lower case, ending in a question mark. */
  question: string;
  /** One of `answersOf(family)`: one to three words in lower case. */
  answer: string;
  family: string;
  /** Relations of the knowledge base that lead to the answer; 0 when the picture alone answers. */
  hops: 0 | 1 | 2 | 3;
  /** Names the wording within its family, such as `train/3`, or `train/3:1` with the wordings of the phrases inside it. */
  template: string;
  /** The entities that the question is about, the head of its facts first; what is asked for is not among them. */
  about: string[];
}
