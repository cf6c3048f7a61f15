import { chooseOption } from "../choice.ts";
import { type LayoutName, layouts, ONE_LETTER } from "../layouts.ts";
import { parseLetter } from "../parse-letter.ts";
import { readLetter } from "../read-letter.ts";
import type { Variant } from "../../scoring/variant.ts";
import type { Ask, ConfusionModel } from "./mode.ts";

/** MC: question and options, one letter asked for, greedy; the letter is read from what the model writes. */
export const multipleChoice =
  (model: ConfusionModel, layout: LayoutName, variant: Variant, threshold: number): Ask =>
  async (image, asked, signal) => {
    const reply = await model.answer({ image, question: layouts[layout].write(asked, ONE_LETTER) }, { signal });
    const scores = variant === "official" ? parseLetter(reply) : readLetter(reply, asked.options);
    return { choice: chooseOption(scores, threshold), scores, reply };
  };
