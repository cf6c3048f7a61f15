import type { Random } from "../../../kernels/random.ts";
import { type Fact, type Relation, type Split, typeOf } from "../knowledge/index.ts";
import { CLAIM_FRAMES, STATEMENTS } from "../questions/claim-templates.ts";
import { mention } from "../questions/nest.ts";
import { PHRASE_TEMPLATES } from "../questions/phrase-templates.ts";
import { RELATION_TEMPLATES } from "../questions/relation-templates.ts";
import { fill } from "../questions/templates.ts";

/** A question and the name of its wording. */
export interface Prompt {
  question: string;
  template: string;
}

/**
 * Places of the relations' seven training wordings that ask in a split, and of the three or four probe wordings that rephrase. No two
 * splits share one. (The other forms ask each question once, so they need one wording a split; here every fact is asked in all of them.)
 */
const ASKED: Readonly<Record<Split, readonly number[]>> = { train: [0, 1, 5], validation: [2, 4], test: [3, 6] };
const REPHRASED: Readonly<Record<Split, readonly number[]>> = { train: [0, 3], validation: [2], test: [1] };
/** The same of the frames of claims. */
const CLAIMED: Readonly<Record<Split, readonly number[]>> = { train: [0, 1, 4], validation: [2], test: [3] };

/** All prompts that ask for a fact's tail in a split: each wording with the bare head, and with the head and its type. */
export const promptsOf = ({ relation, head }: Fact, split: Split): Prompt[] =>
  ASKED[split].flatMap((place) => [
    ask(relation, "train", place, mention(head), "bare"),
    ask(relation, "train", place, `the ${typeOf(head)} ${head}`, "typed"),
  ]);

/** The prompts in wordings that no model is trained on. */
export const rephrasesOf = ({ relation, head }: Fact, split: Split): Prompt[] =>
  REPHRASED[split]
    .filter((place) => place < RELATION_TEMPLATES[relation].probe.length)
    .map((place) => ask(relation, "probe", place, mention(head), "bare"));

/** Asks for the end of a path of relations in the words of a split. */
export function pathPrompt(head: string, path: readonly Relation[], split: Split, stream: Random): Prompt {
  const x = path
    .slice(0, -1)
    .reduce((subject, step) => fill(stream.pick(PHRASE_TEMPLATES[step]!.train), { x: subject }), mention(head));
  return ask(path[path.length - 1], "train", stream.pick(ASKED[split]), x, path.join("/"));
}

/** Asks whether `tail` is a fact's tail, or, in a negated claim, whether it is not. */
export function claimPrompt(
  { relation, head }: Fact,
  tail: string,
  family: "claim" | "negated-claim",
  split: Split,
  stream: Random,
): Prompt {
  const frames = CLAIM_FRAMES[family].train;
  const place = stream.pick(CLAIMED[split].filter((place) => place < frames.length));
  const statement = stream.pick(STATEMENTS[relation]);
  const question = fill(fill(frames[place], { ...statement }), { x: mention(head), y: mention(tail) });
  return { question, template: `${family}/train/${place}` };
}

const ask = (relation: Relation, list: "train" | "probe", place: number, x: string, form: string): Prompt => ({
  question: fill(RELATION_TEMPLATES[relation][list][place], { x }),
  template: `${relation}/${list}/${place}:${form}`,
});
