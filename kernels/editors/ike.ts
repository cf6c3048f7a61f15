import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { editId } from "./edit-id.ts";
import type { Edit, Editor } from "./editor.ts";
import { nearestCases } from "./nearest-cases.ts";
import { readOptions } from "./read-options.ts";

export interface IkeOptions {
  /** Demonstration cases per edit; each gives up to three sentences (copy, paraphrase, retain). Default 2; 0 gives the new fact alone. */
  demonstrations?: number;
}

/**
 * IKE: in-context knowledge editing. The model stays as it is; demonstrations and the new fact stand in front of every question.
 *
 * Demonstrations are the nearest cases of the corpus by the cosine of mean token embeddings (the published editor uses a sentence
 * encoder), farthest first; those that do not fit the model's context are left out, and the trace says how many were used.
 * Source: IKE (arXiv 2305.12740) in its multimodal form of MMEdit and VLKEB (adapted: demonstrations carry no image).
 */
export function ike(given: IkeOptions = {}): Editor {
  const options = readOptions("ike", { demonstrations: 2 }, given);
  return {
    id: "ike",
    summary: "puts demonstrations and the new fact in front of the question; no weight changes",
    needs: ["forward"],
    options,
    async edit(model, cases, { seed = 0, corpus = [], signal } = {}) {
      throwIfCancelled(signal, "ike");
      const others = corpus.filter((candidate) => !cases.some((edited) => edited.id === candidate.id));
      const near = await nearestCases(model, cases[0], others, options.demonstrations);
      const facts = cases.map((each) => `New Fact: ${each.question.trim()} ${each.target}\nPrompt: `).join("");
      const prefix = (used: number) => near.slice(0, used).reverse().map(sentences).join("") + facts;
      let used = near.length;
      while (used > 0 && !fits(model, cases, asEdit(prefix(used)))) used--;
      return asEdit(prefix(used));

      function asEdit(text: string): Edit {
        const interventions = [{ kind: "prefix" as const, text }];
        return Object.freeze({
          id: editId(interventions),
          editor: "ike",
          cases: cases.map((each) => each.id),
          interventions,
          scope: { kind: "always" as const },
          provenance: { editor: "ike", model: model.id, seed, options, trace: { demonstrations: used } },
        });
      }
    },
  };
}

/** Tokens kept free for the answer. */
const ANSWER_ROOM = 32;

/** Whether the longest probe of the edited cases still fits the context. */
function fits(model: EditableModel, cases: readonly EditCase[], edit: Edit): boolean {
  const view = model.with(edit);
  return cases.every((each) =>
    [{ image: each.image, question: each.question }, ...each.probes].every(
      (query) => view.promptLength(query) + ANSWER_ROOM <= model.contextLength,
    ),
  );
}

/** One case as demonstrations: the fact itself, a paraphrase that follows it, and an unrelated question that does not. */
function sentences(example: EditCase): string {
  const fact = `New Fact: ${example.question.trim()} ${example.target}\n`;
  const shown = [[example.question, example.target]];
  const paraphrase = example.probes.find((probe) => probe.kind === "text-generality");
  if (paraphrase) shown.push([paraphrase.question, example.target]);
  const retained = example.probes.find((probe) => "unchanged" in probe.expect && probe.question !== example.question);
  if (retained && "unchanged" in retained.expect) shown.push([retained.question, retained.expect.context]);
  return shown.map(([question, answer]) => `${fact}Prompt: ${question.trim()} ${answer}\n\n`).join("");
}
