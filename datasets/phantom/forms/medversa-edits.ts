import { type Random, random } from "../../../kernels/random.ts";
import { ENTITIES, type Fact, RELATIONS, type Split } from "../knowledge/index.ts";
import { dividedFacts } from "./medversa-facts.ts";
import { claimPrompt, type Prompt, promptsOf, rephrasesOf } from "./medversa-prompts.ts";
import { exportSeed } from "./splits.ts";

/**
 * Edits within which no fact is edited twice, wherever in a file one starts: batches of up to so many consecutive edits never contradict
 * themselves.
 */
export const CONFLICT_FREE_BATCH = 64;

/** A question whose answer no edit of the split may change. */
export interface KeptQuestion {
  fact: Fact;
  question: string;
  answer: string;
  template: string;
}

/** One text edit: the tail of a fact is to become `target`. */
export interface MedversaEdit {
  fact: Fact;
  /** Place in the file of its split, from 0. */
  index: number;
  prompt: Prompt;
  rephrase: Prompt;
  /** Another entity of the tail's type. */
  target: string;
  locality: KeptQuestion;
}

/**
 * All edits of a split in file order. The facts come in one order again and again, each time in another wording and with another target,
 * so that two edits of one fact lie far apart.
 *
 * Throws: ExportSeedError.
 */
export function medversaEdits(split: Split, seed: number): MedversaEdit[] {
  const stream = random(exportSeed("medversa", split, seed, 0));
  const { edited, kept } = dividedFacts(split);
  const order = stream.shuffle(edited).map((fact) => {
    const targets = stream.shuffle(otherTails(fact));
    return { fact, prompts: stream.shuffle(promptsOf(fact, split)).slice(0, targets.length), targets };
  });
  const rounds = Math.max(...order.map(({ prompts }) => prompts.length));
  const edits: MedversaEdit[] = [];
  const asked = new Set<string>();
  for (let round = 0; round < rounds; round++)
    for (const { fact, prompts, targets } of order) {
      if (round >= prompts.length) continue;
      const rephrase = stream.pick(rephrasesOf(fact, split));
      const locality = unrelated(fact, kept, split, asked, stream);
      edits.push({ fact, index: edits.length, prompt: prompts[round], rephrase, target: targets[round], locality });
    }
  return edits;
}

/** Asks about a kept fact of another head and another relation; no question comes twice in a split. */
function unrelated(
  edited: Fact,
  kept: readonly Fact[],
  split: Split,
  asked: Set<string>,
  stream: Random,
): KeptQuestion {
  const others = kept.filter(({ head, relation }) => head !== edited.head && relation !== edited.relation);
  for (;;) {
    const fact = stream.pick(others);
    const question = stream.chance(0.5) ? direct(fact, split, stream) : claim(fact, split, stream);
    if (asked.has(question.question)) continue;
    asked.add(question.question);
    return question;
  }
}

function direct(fact: Fact, split: Split, stream: Random): KeptQuestion {
  const { question, template } = stream.pick(promptsOf(fact, split));
  return { fact, question, answer: fact.tail, template };
}

/** Right and wrong statements equally often, plain and negated. */
function claim(fact: Fact, split: Split, stream: Random): KeptQuestion {
  const holds = stream.chance(0.5);
  const tail = holds ? fact.tail : stream.pick(otherTails(fact));
  const family = stream.pick(["claim", "negated-claim"] as const);
  const answer = holds === (family === "claim") ? "yes" : "no";
  return { fact, answer, ...claimPrompt(fact, tail, family, split, stream) };
}

/** The entities of the tail's type that are not the tail. */
export const otherTails = ({ relation, tail }: Fact): string[] =>
  ENTITIES[RELATIONS[relation].tail].filter((name) => name !== tail);
