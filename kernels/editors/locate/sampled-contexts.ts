import { throwIfCancelled } from "../../errors.ts";
import { contentDigest } from "../statistics/content-digest.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { UserFacingError } from "../../errors.ts";

/** Cause: an editor wants texts that the model cannot write. Handled by: the caller, with option contexts 0. */
export class NoContextsError extends UserFacingError {}

const STARTERS = ["The", "Therefore", "Because", "I", "You"];
/** Tokens of the first and of the second half of the texts. */
const LENGTHS = [5, 10];

const known = new Map<string, Promise<string[]>>();

/**
 * Texts that a model writes by itself, each to stand in front of a question: keys and values that hold for all of them depend less on one
 * wording. Sampled among the five most likely tokens from the seed, so that the same view gives the same texts; kept for this process.
 *
 * An edit of a view goes on with the texts of the editor's earlier edits there, so that a sequence is measured with one set.
 * Throws: NoContextsError where the model does not generate or says nothing; CancelledError.
 * Source: ROME (arXiv 2202.05262), 21 contexts with the plain prompt (adapted: seeded, and asked in the model's own prompt form).
 */
export async function sampledContexts(
  editor: string,
  model: EditableModel,
  count: number,
  { seed = 0, signal }: { seed?: number; signal?: AbortSignal },
): Promise<string[]> {
  if (count === 0) return [];
  const before = model.edits.findLast((edit) => edit.editor === editor && edit.provenance.seed === seed);
  const kept = before?.provenance.trace?.contexts;
  if (typeof kept === "string") {
    const texts = JSON.parse(kept) as string[];
    if (texts.length === count) return texts;
  }
  const digest = await model.digest?.();
  const make = () => write(editor, model, count, seed, signal);
  if (digest === undefined) return make();
  const key = contentDigest([digest, model.edits.map(({ id }) => id), count, seed]);
  const found = known.get(key) ?? make();
  found.catch(() => known.delete(key));
  known.set(key, found);
  return found;
}

async function write(editor: string, model: EditableModel, count: number, seed: number, signal?: AbortSignal) {
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    throwIfCancelled(signal, `${editor}: text ${i + 1} of ${count} to put in front of the question`);
    const starter = STARTERS[i % STARTERS.length];
    const maxNewTokens = LENGTHS[i < count / 2 ? 0 : 1];
    const said = await model.generate?.(
      { question: starter },
      { maxNewTokens, topK: 5, seed: seed * 1000 + i, signal },
    );
    if (!said?.trim())
      throw new NoContextsError(
        `${editor} on ${model.id}: the model wrote nothing after "${starter}", so it gives no texts to put in front of a question. Pass option contexts: 0.`,
      );
    texts.push(`${starter} ${said.trim()}. `);
  }
  return texts;
}
