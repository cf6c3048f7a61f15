import type { Random } from "../../../kernels/random.ts";
import { chains, FACTS, headOf, PATHS, type Relation, type Split, typeOf } from "../knowledge/index.ts";
import { otherTails, type MedversaEdit } from "./medversa-edits.ts";
import { claimPrompt, pathPrompt } from "./medversa-prompts.ts";

/** A question whose answer follows from an edit's target. */
export interface Consequence {
  /** Facts that lead to the answer, the edited one among them. */
  hop: 1 | 2 | 3;
  name: "claim" | "negated-claim" | "onward" | "from-before";
  question: string;
  answer: string;
  /** The relations from the head that the question names; a claim has the edited one. */
  path: readonly Relation[];
  /** The head that the question names. */
  head: string;
}

/**
 * What follows from an edit: one claim and one negated claim about the edited fact (1 hop), and for two and three facts one path that
 * leads on from the target or comes through the edited head, where the knowledge base has one whose answer the edit changes.
 */
export function consequences(edit: MedversaEdit, split: Split, stream: Random): Consequence[] {
  const paths = [...onward(edit), ...fromBefore(edit)].filter(({ answer, before }) => answer !== before);
  return [
    claim(edit, "claim", split, stream),
    claim(edit, "negated-claim", split, stream),
    ...([2, 3] as const).flatMap((hop) => {
      const ofLength = paths.filter(({ path }) => path.length === hop);
      if (ofLength.length === 0) return [];
      const { name, head, path, answer } = stream.pick(ofLength);
      return [{ hop, name, head, path, answer, question: pathPrompt(head, path, split, stream).question }];
    }),
  ];
}

/** Names the target or, equally often, another entity: an editor that makes every answer "yes" gains nothing. */
function claim(
  { fact, target }: MedversaEdit,
  name: "claim" | "negated-claim",
  split: Split,
  stream: Random,
): Consequence {
  const holds = stream.chance(0.5);
  // The old tail is the hardest of the wrong ones.
  const tail = holds ? target : stream.chance(0.5) ? fact.tail : stream.pick(otherTails({ ...fact, tail: target }));
  const { question } = claimPrompt(fact, tail, name, split, stream);
  const answer = holds === (name === "claim") ? "yes" : "no";
  return { hop: 1, name, question, answer, path: [fact.relation], head: fact.head };
}

interface Path extends Pick<Consequence, "name" | "head" | "path" | "answer"> {
  /** What the knowledge base answers without the edit. */
  before: string;
}

const onward = ({ fact, target }: MedversaEdit): Path[] =>
  PATHS.filter((path) => path[0] === fact.relation && headOf(path) === typeOf(fact.head)).map((path) => ({
    name: "onward",
    head: fact.head,
    path,
    answer: chains(target, path.slice(1)).at(-1)!,
    before: chains(fact.head, path).at(-1)!,
  }));

/** Paths that reach the edited fact by one other: those that start with the fact whose tail is the edited head. */
const fromBefore = ({ fact, target }: MedversaEdit): Path[] =>
  FACTS.filter(({ tail }) => tail === fact.head).flatMap(({ head, relation }) =>
    PATHS.filter((path) => path[0] === relation && path[1] === fact.relation).map((path) => ({
      name: "from-before",
      head,
      path,
      answer: chains(target, path.slice(2)).at(-1) ?? target,
      before: chains(head, path).at(-1)!,
    })),
  );
