import {
  factOf,
  FACTS,
  type Fact,
  headOf,
  PATHS,
  splitOf,
  type Relation,
} from "../../../../../datasets/phantom/knowledge/index.ts";
import { ENTITIES } from "../../../../../datasets/phantom/knowledge/entities.ts";
import { type Ask, composedQuestion, isComposedTrained, putIntoWords, textQuestion } from "../../../../../datasets/phantom/questions/index.ts"; // prettier-ignore
import type { QuestionAnswer, TemplateSplit } from "../../../../../datasets/phantom/questions/index.ts";
import type { Random } from "../../../../random.ts";

/** Something that can be asked in several wordings. */
export interface TextAsk {
  /** Two wordings with one key ask the same. */
  key: string;
  /** What it is about: asks about one thing are not independent. */
  cluster: string;
  /** Whether training may show it, in training wordings. */
  trained: boolean;
  word(split: TemplateSplit, random: Random): string;
}

const factAsk = (fact: Fact): TextAsk => ({
  key: fact.id,
  cluster: fact.head,
  trained: splitOf(fact) !== "test",
  word: (split, random) => textQuestion(fact, split, random).question,
});

const composedAsk = (head: string, path: readonly Relation[]): TextAsk => ({
  key: `${path.join("/")}:${head}`,
  cluster: head,
  trained: isComposedTrained(head) && splitOf(factOf(head, path[0])) !== "test",
  word: (split, random) => composedQuestion(head, path, split, random).question,
});

/** All facts. Those about heads whose edits belong to the test split are not trained on. */
export const FACT_ASKS: readonly TextAsk[] = FACTS.map(factAsk);

/** All paths of two and three facts, from every head. */
export const COMPOSED_ASKS: readonly TextAsk[] = PATHS.flatMap((path) =>
  ENTITIES[headOf(path)].map((head) => composedAsk(head, path)),
);

/** A question about an image. Its key names the words that wordings have in common: what is seen but not named is not among them. */
export function imageAsk(ask: Ask, random: Random): TextAsk {
  const { template }: Pick<QuestionAnswer, "template"> = ask.hops > 0 ? ask.word("train", random) : { template: "" };
  const reference = template.split(":").at(-1)!.split("/")[0];
  const named = ask.hops > 0 ? ask.about.slice(1) : ask.about;
  const key = [ask.family, reference, ...named].filter((part) => part !== "").join(":");
  return { key, cluster: named.at(0) ?? ask.family, trained: true, word: (split, stream) => putIntoWords(ask, split, stream).question }; // prettier-ignore
}

const TRIES = 20;

/** Two different wordings of one ask. */
export function twoWordings(ask: TextAsk, random: Random): [string, string] {
  const first = ask.word("train", random);
  for (let i = 0; i < TRIES; i++) {
    const second = ask.word("train", random);
    if (second !== first) return [first, second];
  }
  throw new Error(`internal: "${ask.key}" has one training wording only`);
}
