import type { EditCase, Probe } from "./case.ts";

/** What the text benchmarks have in common. */
export interface TextEdit {
  prompt: string;
  rephrase: string;
  target: string;
  /** What the benchmark says is right; MedFE does not. */
  groundTruth?: string;
  locality: { name?: string; prompt: string; answer: string }[];
  meta: Record<string, string>;
}

/**
 * A text edit with its probes: the prompt and its rephrasing must give the target, the locality prompts what they gave before. Strings stay
 * as they were published, outer spaces included.
 */
export function textEditCase(benchmark: string, id: string | number, split: string, edit: TextEdit): EditCase {
  const { prompt, rephrase, target, groundTruth, locality, meta } = edit;
  const wanted = (kind: Probe["kind"], question: string): Probe => ({ kind, question, expect: { answer: target } });
  return {
    id: `${benchmark}-${id}`,
    benchmark,
    split,
    task: "edit-text",
    question: prompt,
    ...(groundTruth !== undefined && { answer: groundTruth }),
    target,
    probes: [
      wanted("reliability", prompt),
      wanted("text-generality", rephrase),
      ...locality.map(({ name, prompt: question, answer }): Probe => ({
        kind: "text-locality",
        ...(name !== undefined && { name }),
        question,
        expect: { unchanged: true, context: answer },
      })),
    ],
    meta,
  };
}
