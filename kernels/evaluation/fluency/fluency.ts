import { throwIfCancelled } from "../../errors.ts";
import { currentHost } from "../../host.ts";
import type { GenerateOptions, Model, Query } from "../../models/model.ts";
import { UserFacingError } from "../../errors.ts";
import { ngramEntropy } from "./ngram-entropy.ts";
import { wordTokens } from "./word-tokens.ts";

/** Cause: fluency was asked of a model that cannot sample text. Handled by: the caller, who takes a loaded model or a view of one. */
export class SamplingUnavailableError extends UserFacingError {}

export interface FluencyOptions extends GenerateOptions {
  /** Whether the prompt is part of the scored text, as MedREK has it. Default true. */
  includePrompt?: boolean;
}

export interface Fluency {
  comparable_group: string;
  /** Mean n-gram entropy of the texts that have one, bits; null where none has. MedREK reports it times 100. */
  value: number | null;
  /** Texts that it is a mean of, and those too short for a trigram. */
  n: number;
  undefined: number;
  texts: { text: string; entropy: number | null }[];
}

/**
 * How varied a model's sampled continuations are: repetition, the mark of a damaged model, lowers it.
 *
 * Every prompt is continued with its own seed (`seed` plus its position), by top-k sampling and with the edits of the view in force; the
 * official MedREK figure measures the unedited model, unseeded.
 * Throws: SamplingUnavailableError; CancelledError; what the model throws.
 * Source: "generation entropy", ROME (arXiv 2202.05262); MedREK's generation settings (100 new tokens, top 5).
 */
export async function fluency(
  model: Model,
  prompts: readonly Query[],
  { maxNewTokens = 100, topK = 5, seed = 0, includePrompt = true, signal = currentHost()?.signal }: FluencyOptions = {},
): Promise<Fluency> {
  if (!model.generate)
    throw new SamplingUnavailableError(
      `${model.id}: it cannot sample text, so it has no fluency. Take a model of loadModel, or a view of one.`,
    );
  const texts: Fluency["texts"] = [];
  for (const [i, query] of prompts.entries()) {
    throwIfCancelled(signal, "fluency");
    const said = await model.generate(query, { maxNewTokens, topK, seed: seed + i, signal });
    const text = includePrompt ? `${query.question} ${said}` : said;
    texts.push({ text, entropy: ngramEntropy(await wordTokens(text)) });
  }
  const values = texts.flatMap(({ entropy }) => (entropy === null ? [] : [entropy]));
  return {
    comparable_group: `gen.fluency.ngram-entropy@new${maxNewTokens}-top${topK}${includePrompt ? "-with-prompt" : ""}`,
    value: values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
    n: values.length,
    undefined: texts.length - values.length,
    texts,
  };
}
