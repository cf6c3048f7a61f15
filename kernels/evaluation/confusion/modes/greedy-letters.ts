import { greedyLetter } from "../greedy-letter.ts";
import { type LayoutName, layouts } from "../layouts.ts";
import { type Ask, type ConfusionModel, ConfusionModeError } from "./mode.ts";

/** GD: question and options, one forward pass a letter; the likelier letter is chosen, so every choice is valid. */
export const greedyLetters =
  (model: ConfusionModel, layout: LayoutName): Ask =>
  async (image, asked, signal) => {
    const question = layouts[layout].write(asked, "");
    // Both are log-probabilities of one distribution, so they order as their logits do.
    const logprob = async (letter: "A" | "B"): Promise<number> => {
      const { logprobs } = await model.score({ image, question }, letter, { signal });
      if (logprobs.length === 1) return logprobs[0];
      throw new ConfusionModeError(
        `${model.id}: its tokenizer writes the letter "${letter}" in ${logprobs.length} tokens, so mode gd cannot compare letters. Take mode ps or ff.`,
      );
    };
    const scores = { A: await logprob("A"), B: await logprob("B") };
    return { choice: greedyLetter(scores.A, scores.B), scores };
  };
