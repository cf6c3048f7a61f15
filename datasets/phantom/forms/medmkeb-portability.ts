import type { Random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import { chains } from "../knowledge/chains.ts";
import { factOf } from "../knowledge/facts.ts";
import type { Relation } from "../knowledge/relations.ts";
import { factsOf, type Split, splitOf } from "../knowledge/splits.ts";
import { nest } from "../questions/nest.ts";
import { SEEN_PATHS } from "../questions/portability-asks.ts";
import { REFERENCE_TEMPLATES } from "../questions/reference-templates.ts";
import { choose, fill } from "../questions/templates.ts";
import { editFamily, type EditFamilyName, type Fact } from "./medmkeb-families.ts";
import { wordFor } from "./wordings.ts";

/** A question whose answer follows from an edit's target through the knowledge base. */
export interface PortabilityQuestion {
  hops: 1 | 2 | 3;
  question: string;
  answer: string;
  /** The last step of the path: what stands in which relation to the answer. */
  triple: { entity1: string; relation: Relation; entity2: string };
}

/** Findings, devices and organs whose facts belong to a split. */
export const headsOf = (split: Split): readonly string[] => HEADS[split];
const seenHeads = (split: Split) =>
  factsOf(split).flatMap(({ head, relation }) =>
    (["leading-condition", "purpose", "function"] as Relation[]).includes(relation) ? [head] : [],
  );
const HEADS = { train: seenHeads("train"), validation: seenHeads("validation"), test: seenHeads("test") };

/** One question for each number of steps that lead on from the target; none where the target's facts belong to another split. */
export function portability(
  name: EditFamilyName,
  { about, answer: pred }: Fact,
  alt: string,
  split: Split,
  stream: Random,
): PortabilityQuestion[] {
  const { reference } = editFamily(name);
  if (!reference || alt === "none") return [];
  const [first] = SEEN_PATHS[reference.seen];
  if (splitOf(factOf(alt, first[0])) !== split) return [];
  const end = (head: string, path: readonly Relation[]) => (head === "none" ? head : chains(head, path).at(-1));
  // Left out: where the old answer leads to the same, so that nothing is tested, and where the phrase happens to name the answer, such as
  // the organ that the condition affects too.
  const paths = SEEN_PATHS[reference.seen].filter((path) => ![end(pred, path), about[0]].includes(end(alt, path)));
  return [...groupBy(paths, (path) => path.length)].map(([length, group]) => {
    const path = stream.pick(group);
    const family = path.join("/");
    const question = wordFor(
      { split, role: "asked", family },
      (templates) => {
        const phrase = choose(REFERENCE_TEMPLATES[reference.kind], templates, stream).text;
        return nest(path, fill(phrase, { x: about[0] ?? "" }), templates, stream);
      },
      stream,
    );
    const reached = [alt, ...chains(alt, path)];
    const [entity1, entity2] = reached.slice(-2);
    const triple = { entity1, relation: path[path.length - 1], entity2 };
    return { hops: length as 1 | 2 | 3, question, answer: entity2, triple };
  });
}
