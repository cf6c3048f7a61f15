import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import { ContextLengthError } from "../models/context-length-error.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Edit, Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { nearestCases } from "./nearest-cases.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface IkeOptions {
  /** Demonstration cases per edit; each gives up to three sentences (copy, paraphrase, retain). Default 2; 0 gives the new fact alone. */
  demonstrations?: number;
}

/**
 * IKE: in-context knowledge editing. The model stays as it is; demonstrations and the new fact stand in front of every question.
 *
 * Demonstrations are the nearest cases of the corpus by the cosine of mean token embeddings (the published editor uses a sentence
 * encoder; in a batch, to the nearest of its questions), farthest first; those that do not fit the model's context are left out, and the trace says how many were used.
 * Throws: NoCasesError; ContextLengthError when not even the bare fact fits.
 * Source: IKE (arXiv 2305.12740) in its multimodal form of MMEdit and VLKEB (adapted: demonstrations carry no image, and read
 * `question answer` where the model's own prompt has words between the two).
 */
export function ike(given: IkeOptions = {}): Editor {
  const options = readOptions("ike", { demonstrations: 2 }, given, ["demonstrations"]);
  return {
    id: "ike",
    summary: "puts demonstrations and the new fact in front of the question; no weight changes",
    needs: ["forward", "corpus"],
    // No sequence: a text in front of the question replaces the one before it, it does not build on it.
    takes: ["batch"],
    options,
    async edit(model, cases, { seed = 0, corpus = [], signal } = {}) {
      requireCases("ike", cases);
      throwIfCancelled(signal, "ike");
      const others = corpus.filter((candidate) => !cases.some((edited) => edited.id === candidate.id));
      const near = await nearestCases(model, cases, others, options.demonstrations, signal);
      const facts = cases.map((each) => `New Fact: ${each.question.trim()} ${each.target}\n`).join("");
      const editWith = (used: number) => {
        const text = `${near.slice(0, used).reverse().map(sentences).join("")}${facts}Prompt: `;
        const provenance = {
          editor: "ike",
          model: model.id,
          seed,
          options: { ...options },
          trace: { demonstrations: used },
        };
        return makeEdit(cases, [{ kind: "prefix", text }], provenance);
      };
      for (let used = near.length; used >= 0; used--) if (fits(model, cases, editWith(used))) return editWith(used);
      const longest = Math.max(
        ...cases.flatMap((each) => each.probes.map((probe) => model.with(editWith(0)).promptLength(probe))),
      );
      throw new ContextLengthError(cases[0].question, longest + ANSWER_ROOM, model.contextLength);
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
