import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import { ContextLengthError } from "../models/context-length-error.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { NearestTextScope } from "../models/scopes/scope.ts";
import { DEFAULT_ENCODER } from "../models/sentence-encoder.ts";
import { float32 } from "../tensor.ts";
import { newFact } from "./demonstrations.ts";
import type { Edit, Editor, Intervention } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface RetrievalPromptOptions {
  /** Sentence encoder of the questions; the same names as in `IkeOptions.encoder`. Default "phantom". */
  encoder?: string;
  /**
   * Smallest cosine between a question and the edited question at which the fact is shown, 0 to 1. Default 0.7, chosen for "phantom": there 98 % of
   * 60 paraphrases lie above it and 1 % of 3410 pairs of questions of different cases. Another encoder needs another one.
   */
  threshold?: number;
}

/**
 * Retrieval-augmented prompting: a baseline for editors with a memory. Every edit is a fact in words; the fact whose question is nearest to what
 * is asked, by the cosine of a sentence encoder, stands in front of the question where it is near enough. Everything else is the base model's.
 *
 * The router reads words alone: of two edits that ask the same about different images the later one is shown for both. In a sequence the facts
 * append: an edit takes over those of the earlier ones that were found with the same encoder, and their threshold becomes its own.
 * Throws: NoCasesError; ContextLengthError where a fact and an edited question do not fit the model; what `EditableModel.sentenceEncoder` throws.
 * Source: retrieval in front of in-context editing as in MeLLo (arXiv 2305.14795), with one fact and one question; prompt of IKE.
 */
export function retrievalPrompt(given: RetrievalPromptOptions = {}): Editor {
  const options = readOptions("retrieval-prompt", { encoder: DEFAULT_ENCODER, threshold: 0.7 }, given);
  return {
    id: "retrieval-prompt",
    summary: "puts the nearest stored fact in front of a question that resembles its own; no weight changes",
    needs: ["forward", "encoder"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, { seed = 0, signal } = {}) {
      requireCases("retrieval-prompt", cases);
      throwIfCancelled(signal, "retrieval-prompt");
      requireRoom(model, cases);
      const encoder = await model.sentenceEncoder(options.encoder);
      const keys = await encoder.encode(
        cases.map(({ question }) => question),
        signal,
      );
      const encoderDigest = await encoder.digest();
      const before = inForce(model.edits, options.encoder, encoderDigest);
      const texts = [...before.flatMap(({ texts }) => texts), ...cases.map(prefixOf)];
      const data = [...before.map(({ scope }) => scope.keys.data as Float32Array), ...keys].flatMap((row) => [...row]);
      const scope: NearestTextScope = {
        kind: "nearest-text",
        encoder: options.encoder,
        encoderDigest,
        keys: float32(data, [texts.length, keys[0].length]),
        threshold: options.threshold,
        cases: [...before.flatMap(({ scope }) => scope.cases), ...cases.map(({ id }) => id)],
      };
      const interventions = texts.map((text, entry): Intervention => ({ kind: "prefix", text, entry }));
      const trace = { facts: texts.length };
      const provenance = { editor: "retrieval-prompt", model: model.id, seed, options: { ...options }, trace };
      return makeEdit(cases, interventions, provenance, { scope, supersedes: before.map(({ id }) => id) });
    },
  };
}

const prefixOf = (edited: EditCase): string => `${newFact(edited)}Prompt: `;

interface Memory {
  id: string;
  scope: NearestTextScope;
  /** In the order of the entries. */
  texts: string[];
}

/** The memories of this editor in a view that a new edit goes on with. */
function inForce(edits: readonly Edit[], encoder: string, digest: string): Memory[] {
  const gone = new Set(edits.flatMap(({ supersedes = [] }) => supersedes));
  return edits.flatMap(({ id, editor, scope, interventions }) => {
    if (editor !== "retrieval-prompt" || scope.kind !== "nearest-text" || gone.has(id)) return [];
    if (scope.encoder !== encoder || scope.encoderDigest !== digest) return [];
    const texts = scope.cases.map((_, i) => interventions.find(({ entry }) => entry === i)!);
    return [{ id, scope, texts: texts.map((step) => (step.kind === "prefix" ? step.text : "")) }];
  });
}

/** Tokens kept free for the answer. */
const ANSWER_ROOM = 32;

/** Throws: ContextLengthError where the model cannot be asked an edited question behind its own fact. */
function requireRoom(model: EditableModel, cases: readonly EditCase[]): void {
  for (const each of cases) {
    const length = model.promptLength({ image: each.image, question: prefixOf(each) + each.question });
    if (length + ANSWER_ROOM > model.contextLength)
      throw new ContextLengthError(each.question, length + ANSWER_ROOM, model.contextLength);
  }
}
