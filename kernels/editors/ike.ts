import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import { ContextLengthError } from "../models/context-length-error.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { DEFAULT_ENCODER } from "../models/sentence-encoder.ts";
import { DemonstrationIndex } from "./demonstration-index.ts";
import { type Demonstration, demonstrate, newFact } from "./demonstrations.ts";
import type { Edit, Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { nearestTexts } from "./nearest-texts.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface IkeOptions {
  /** Demonstrations in front of the fact, fewer where the context ends before. Default 32, as published; 0 gives the new fact alone. */
  k?: number;
  /**
   * Sentence encoder that finds them: "phantom" (default), which comes with medke and knows the phantom world alone; a folder with a
   * transformers.js feature-extraction model or its name on the hub (the published editor uses "Xenova/all-MiniLM-L6-v2"); or "embeddings", the
   * mean of the model's own token embeddings.
   */
  encoder?: string;
  /**
   * Whether the new fact is the last demonstration too, and its answer a part of the sentence whose neighbours are looked for: true (default) is
   * the multimodal form of MMEdit and VLKEB, false the text form of EasyEdit.
   */
  appendFact?: boolean;
}

/**
 * IKE: in-context knowledge editing. The model stays as it is; demonstrations and the new fact stand in front of every question.
 *
 * Every case of the corpus gives up to three demonstrations (copy, paraphrase, retain). Those `k` of them are shown whose sentences are nearest
 * to the edit's own by the cosine of a sentence encoder (in a batch, to the nearest of its edits), farthest first. The farthest are left out
 * where the model's context is too short for all; `trace` says how many were used, which, nearest first, and the digest of the encoder that found
 * them. Without any, the prompt is the fact and the question alone.
 *
 * Throws: NoCasesError; ContextLengthError when not even the bare fact fits; what `EditableModel.sentenceEncoder` throws.
 * Source: IKE (arXiv 2305.12740) in its multimodal form of MMEdit and VLKEB, whose demonstrations carry no image either (adapted: they read
 * `question answer` where the model's own prompt has words between the two).
 */
export function ike(given: IkeOptions = {}): Editor {
  const options = readOptions("ike", { k: 32, encoder: DEFAULT_ENCODER, appendFact: true }, given, ["k"]);
  const index = new DemonstrationIndex();
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
      const { near, encoder } = await nearestDemonstrations(model, cases, corpus, { ...options, index, signal });
      const shown = options.appendFact
        ? cases.map((each) => demonstrate(newFact(each), each.question, each.target)).join("")
        : "";
      const facts = cases.map(newFact).join("");
      const editWith = (used: number) => {
        const kept = near.slice(0, used);
        const before = used ? [...kept.map(({ text }) => text).reverse(), shown].join("") : "";
        const trace = {
          demonstrations: used,
          retrieved: kept.map(({ case: id, kind }) => `${id}/${kind}`).join(" "),
          ...(encoder && { encoder }),
        };
        const provenance = { editor: "ike", model: model.id, seed, options: { ...options }, trace };
        return makeEdit(cases, [{ kind: "prefix", text: `${before}${facts}Prompt: ` }], provenance);
      };
      const used = mostThat((count) => fits(model, cases, editWith(count)), near.length);
      if (used !== undefined) return editWith(used);
      const longest = Math.max(...queriesOf(cases).map((query) => model.with(editWith(0)).promptLength(query)));
      throw new ContextLengthError(cases[0].question, longest + ANSWER_ROOM, model.contextLength);
    },
  };
}

interface Search extends Required<IkeOptions> {
  index: DemonstrationIndex;
  signal?: AbortSignal;
}

/** The demonstrations to show, nearest first, none of an edited case; and the digest of the encoder that found them, where one was asked. */
async function nearestDemonstrations(
  model: EditableModel,
  cases: readonly EditCase[],
  corpus: readonly EditCase[],
  { k, encoder: name, appendFact, index, signal }: Search,
): Promise<{ near: Demonstration[]; encoder?: string }> {
  if (k === 0 || corpus.length === 0) return { near: [] };
  const encoder = await model.sentenceEncoder(name);
  const sentences = cases.map((each) =>
    appendFact
      ? demonstrate(newFact(each), each.question, each.target)
      : `${newFact(each)}Prompt: ${each.question.trim()}\n\n`,
  );
  const queries = await encoder.encode(sentences, signal);
  const { demonstrations, vectors } = await index.of(encoder, corpus, signal);
  const edited = new Set(cases.map(({ id }) => id));
  const others = demonstrations.map((_, i) => i).filter((i) => !edited.has(demonstrations[i].case));
  const candidates = others.map((i) => vectors[i]);
  const near = nearestTexts(queries, candidates, k).map((i) => demonstrations[others[i]]);
  return { near, encoder: await encoder.digest() };
}

/** Tokens kept free for the answer. */
const ANSWER_ROOM = 32;

const queriesOf = (cases: readonly EditCase[]) =>
  cases.flatMap(({ image, question, probes }) => [{ image, question }, ...probes]);

/** Whether the longest probe of the edited cases still fits the context. */
function fits(model: EditableModel, cases: readonly EditCase[], edit: Edit): boolean {
  const view = model.with(edit);
  return queriesOf(cases).every((query) => view.promptLength(query) + ANSWER_ROOM <= model.contextLength);
}

/** The largest number up to `most` that passes a test which fewer always pass too; undefined where not even 0 does. */
function mostThat(passes: (count: number) => boolean, most: number): number | undefined {
  if (!passes(0)) return undefined;
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
