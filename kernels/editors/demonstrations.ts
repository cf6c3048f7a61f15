import type { EditCase } from "../../datasets/case.ts";

/** What a demonstration shows: the fact itself, a paraphrase that follows it, or an unrelated question that does not. */
export type DemonstrationKind = "copy" | "paraphrase" | "retain";

/** One demonstration of in-context editing. */
export interface Demonstration {
  /** Id of the case that it comes from. */
  case: string;
  kind: DemonstrationKind;
  text: string;
}

/** The fact that an edit states. */
export const newFact = ({ question, target }: Pick<EditCase, "question" | "target">): string =>
  `New Fact: ${question.trim()} ${target}\n`;

/** A fact and a question answered in its light. Source: the template of EasyEdit and VLKEB for IKE. */
export const demonstrate = (fact: string, question: string, answer: string): string =>
  `${fact}Prompt: ${question.trim()} ${answer}\n\n`;

/**
 * The demonstrations of a case, without its images: three where it has a paraphrase and a question whose answer must not change, one for every
 * one that it has otherwise.
 *
 * Source: IKE (arXiv 2305.12740), section 3.2, as EasyEdit and VLKEB build its corpus.
 */
export function demonstrationsOf(example: EditCase): Demonstration[] {
  const fact = newFact(example);
  const show = (kind: DemonstrationKind, question: string, answer: string): Demonstration => ({
    case: example.id,
    kind,
    text: demonstrate(fact, question, answer),
  });
  const shown = [show("copy", example.question, example.target)];
  const paraphrase = example.probes.find((probe) => probe.kind === "text-generality");
  if (paraphrase) shown.push(show("paraphrase", paraphrase.question, example.target));
  const retained = example.probes.find((probe) => "unchanged" in probe.expect && probe.question !== example.question);
  if (retained && "unchanged" in retained.expect)
    shown.push(show("retain", retained.question, retained.expect.context));
  return shown;
}
