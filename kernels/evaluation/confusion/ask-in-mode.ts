import type { Variant } from "../scoring/variant.ts";
import { OFFICIAL_THRESHOLD } from "./choice.ts";
import type { LayoutName } from "./layouts.ts";
import { type ConfusionJudge, freeForm } from "./modes/free-form.ts";
import { greedyLetters } from "./modes/greedy-letters.ts";
import type { ConfusionModel } from "./modes/mode.ts";
import { multipleChoice } from "./modes/multiple-choice.ts";
import { prefixScoring } from "./modes/prefix-scoring.ts";
import type { ConfusionMode } from "./result.ts";

export interface AskOptions {
  mode: ConfusionMode;
  /** Default "corrected". */
  variant?: Variant;
  /** How options are written in modes mc and gd. Default "plain". */
  layout?: LayoutName;
  /** Lead that one option needs in modes mc and ff. Default 3. */
  threshold?: number;
  /** Mode ff: judges replies. Without one, a reply counts for the option that it says. */
  judge?: ConfusionJudge;
}

/** How one image is asked about in a mode, and the settings that decide its numbers. */
export function askInMode(model: ConfusionModel, options: AskOptions) {
  const { mode, variant = "corrected", layout = "plain", threshold = OFFICIAL_THRESHOLD, judge } = options;
  switch (mode) {
    case "mc":
      return { ask: multipleChoice(model, layout, variant, threshold), settings: { mode, variant, layout, threshold } };
    case "gd":
      return { ask: greedyLetters(model, layout), settings: { mode, variant, layout } };
    case "ff": {
      const matching = judge ? ("judge" as const) : ("match" as const);
      return { ask: freeForm(model, judge, variant, threshold), settings: { mode, variant, threshold, matching } };
    }
    case "ps":
      return { ask: prefixScoring(model, variant), settings: { mode, variant } };
    default:
      mode satisfies never;
      throw new Error(`internal: unhandled confusion mode ${String(mode)}`);
  }
}
