import type { Query } from "../../../models/model.ts";
import { choosePrefix, likelihood, prefixScore } from "../prefix-score.ts";
import type { Variant } from "../../scoring/variant.ts";
import { type Ask, type ConfusionModel, ConfusionModeError } from "./mode.ts";

/** PS: the question, each option in turn as the reply; the option with the larger likelihood per token is chosen. */
export const prefixScoring =
  (model: ConfusionModel, variant: Variant): Ask =>
  async (image, asked, signal) => {
    const score = async (option: string): Promise<number> => {
      const query = { image, question: asked.question };
      const { ids, logprobs } = await model.score(query, option, { signal });
      return variant === "official" ? firstRowScore(model, query, option, ids) : likelihood(logprobs);
    };
    const scores = { A: await score(asked.options[0]), B: await score(asked.options[1]) };
    return { choice: choosePrefix(scores.A, scores.B), scores };
  };

/** The published score, which needs the whole first row. The option ends the sequence, so its last occurrence is known. */
async function firstRowScore(model: ConfusionModel, query: Query, option: string, answer: number[]): Promise<number> {
  if (!model.logits)
    throw new ConfusionModeError(
      `${model.id}: official prefix scores read whole rows of logits, which this model does not give. Take variant "corrected".`,
    );
  const { data, dims } = await model.logits(query, option);
  const [, tokens, width] = dims;
  const row = tokens - answer.length - 1;
  const logits = [data.subarray(row * width, (row + 1) * width)];
  return prefixScore({ ids: [-1, ...answer], answer, logits }, "official");
}
