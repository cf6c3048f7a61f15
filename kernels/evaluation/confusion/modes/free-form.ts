import { chooseOption } from "../choice.ts";
import { matchOption } from "../match-option.ts";
import { parseJudge, readJudge } from "../parse-judge.ts";
import type { Variant } from "../../scoring/variant.ts";
import type { Ask, Asked, ConfusionModel } from "./mode.ts";

/** Scores how close a free-form reply is to each option, 1 to 10. Returns lines `A: n`, `B: n` and an explanation. */
export type ConfusionJudge = (judged: Asked & { reply: string }, options?: { signal?: AbortSignal }) => Promise<string>;

/** FF: the question alone; a judge scores the reply against both options, or without one the reply counts for the option that it says. */
export const freeForm =
  (model: ConfusionModel, judge: ConfusionJudge | undefined, variant: Variant, threshold: number): Ask =>
  async (image, asked, signal) => {
    const reply = await model.answer({ image, question: asked.question }, { signal });
    const parse = variant === "official" ? parseJudge : readJudge;
    const scores = judge
      ? parse(await judge({ ...asked, reply }, { signal })).scores
      : matchOption(reply, asked.options);
    return { choice: chooseOption(scores, threshold), scores, reply };
  };
