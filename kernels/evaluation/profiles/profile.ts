import type { Probe } from "../../../datasets/case.ts";
import type { ObserveOptions } from "../../models/observe.ts";
import type { Observation } from "../observe-probe.ts";
import type { ProbeResult, ProfileName } from "../result.ts";
import type { Variant } from "../scoring/variant.ts";

/** What a metric compares with: a wanted answer, or the base model's own output about text or about an image. */
export type Side = "target" | "text-locality" | "image-locality";

/** Something that a profile wants the model to be given and watched at, beyond the default answer and score. */
export interface Ask extends Omit<ObserveOptions, "signal"> {
  question: string;
  answer: string;
}

/** Values before and after the edit. */
export interface Pair {
  before: number;
  after: number;
  /** What it weighs in a mean: the tokens or rank slots behind it, where a profile averages over those. Default 1: every probe alike. */
  weight?: number;
}

/** What a profile may know beside the two observations. */
export interface ScoringContext {
  /** Id of the case that the probe belongs to. */
  case?: string;
  /** Groups of answers that mean the same, where the benchmark gives them. */
  synonyms?: readonly (readonly string[])[];
  /** The case's probe of the edited question itself, where it has one. */
  reliability?: { probe: Probe; before: Observation; after: Observation };
}

/** A scoring profile: how what a model does with a probe becomes a number, and with what that number may be compared. */
export interface Profile {
  name: ProfileName;
  /** One line for lists and hover. */
  summary: string;
  /** Which of two variants it is, where the official code has a defect. */
  variant?: Variant;
  /** Comparable group of its numbers on each side; a side without one is not scored. `specificity` is a mean of two of them. */
  groups: Partial<Record<Side | "specificity", string>>;
  /** Which positions count. */
  mask: "answer" | "last rows" | "all positions" | "free generation" | "routing";
  /** Rank slots compared on each side, for profiles that compare ranks. */
  k?: Partial<Record<Side, number>>;
  /** What the model is asked for; `baseAnswer` is what the base model answers. Default nothing beyond the common observation. */
  asks?(probe: Probe, baseAnswer: string): Ask[];
  /** The numbers of one probe; undefined where the profile does not apply to it. */
  score(probe: Probe, before: Observation, after: Observation, context: ScoringContext): Pair | undefined;
}

/** The side of a probe. */
export const sideOf = ({ expect, image }: Pick<Probe, "expect" | "image">): Side =>
  "answer" in expect ? "target" : image ? "image-locality" : "text-locality";

/** Of a stored probe: what a profile gave it. The two default profiles have fields of their own. */
export function stored(name: ProfileName, probe: ProbeResult): Pair | undefined {
  if (name === "tf-token") return { before: probe.tf_before, after: probe.tf_after };
  if (name === "gen-exact") return { before: Number(probe.pass_before), after: Number(probe.pass) };
  const pair = probe.scores?.[name];
  return pair && { before: pair[0], after: pair[1], weight: pair[2] };
}
