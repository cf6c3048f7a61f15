import type { OptionLetter } from "../../../datasets/confusion-pair.ts";
import type { DeviceReport } from "../../runtime/device.ts";
import type { Choice, OptionScores } from "./choice.ts";
import type { LayoutName } from "./layouts.ts";
import type { Variant } from "../scoring/variant.ts";
import type { CategoryRule, ConfusionMetric } from "./tally.ts";

/** mc: the letter that the model writes; gd: the likelier letter; ff: free form; ps: the option that is likelier as the reply. */
export type ConfusionMode = "mc" | "gd" | "ff" | "ps";
export const CONFUSION_MODES = ["mc", "gd", "ff", "ps"] as const;

/** One number of the score table. Rows of different `comparable_group`, or of different rules, never share an axis. */
export interface ConfusionRow {
  metric: ConfusionMetric;
  /** "All", or a category of the benchmark. */
  category: string;
  rule: CategoryRule;
  comparable_group: string;
  /** Fraction in [0, 1]; null where it is a share of nothing. */
  value: number | null;
  /** Outcomes that it is a share of. */
  n: number;
  /** 95% interval over image clusters (`meanInterval`); null with `value`, and where nothing can be said about the spread. */
  ci: [number, number] | null;
}

/** What one pair got. Neither captions nor drafts are in it. */
export interface ConfusionPairResult {
  id: string;
  cluster: string;
  question: string;
  images: [string, string];
  categories: [string[], string[]];
  answers: [OptionLetter, OptionLetter];
  choices: [Choice, Choice];
  /** What the choices were made from: letter points, judge's points, log-probabilities or probabilities per token, by mode. */
  scores: [OptionScores, OptionScores];
  /** What the model wrote, in the modes in which it writes. */
  replies?: [string, string];
}

/** A rule that looks at no image, or at nothing, and what it gets on the same pairs. Fractions; null where it is a share of nothing. */
export interface ConfusionBaseline {
  id: "coin" | "constant" | "pair-aware" | "longer-option";
  summary: string;
  set: number;
  individual: number;
  confusion: number | null;
}

/** The document that `medke confuse --json` prints. */
export interface ConfusionEvaluation {
  run: { id: string; started: string; seconds: number; medke: string; node: string };
  model: string;
  /** Ids of the edits that were in force; empty for a base model. */
  edits: string[];
  benchmark: string;
  mode: ConfusionMode;
  variant: Variant;
  /** How options are written, in the modes that show them. */
  layout?: LayoutName;
  /** Lead that one option needs, in the modes with points. */
  threshold?: number;
  /** How free-form replies become choices: by a judge, or by what they say. */
  matching?: "judge" | "match";
  /** Whether the model sees both images of a pair at once; knowing of the other one makes half of all sets right by chance. */
  pairAware: false;
  comparable_group: string;
  seed: number;
  device: DeviceReport;
  rows: ConfusionRow[];
  baselines: ConfusionBaseline[];
  pairs: ConfusionPairResult[];
}
