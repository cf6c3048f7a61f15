import type { Provenance } from "../models/edit.ts";
import type { ConfusionChange } from "./confusion/confuse-edited.ts";
import type { DeviceReport } from "../runtime/device.ts";
import type { Variant } from "./scoring/variant.ts";

export type MetricId =
  | "reliability"
  | "text-generality"
  | "image-generality"
  | "portability"
  | "robustness"
  | "text-locality"
  | "image-locality"
  | "text-image-locality"
  | "fine-grained-generality"
  | "fine-grained-locality"
  | "negated-question"
  | "specificity";
/** A metric, or a part of one: "portability/2-hop", "robustness/typo". */
export type MetricName = MetricId | `${MetricId}/${string}`;

export type ProfileName =
  | "tf-token"
  | "gen-exact"
  | "gen-semantic"
  | "logprob-margin"
  | "vlkeb-legacy"
  | "vlkeb-legacy-corrected"
  | "vlkeb-ke"
  | "vlkeb-ke-owl2"
  | "ike-vlkeb"
  | "ike-vlkeb-corrected"
  | "easyedit-head"
  | "easyedit-head-exact"
  | "easyedit-plain"
  | "easyedit-plain-exact"
  | "answer-argmax"
  | "answer-argmax-corrected"
  | "fgvedit"
  | "fgvedit-exact"
  | "medrek"
  | "medlasa"
  | "easyedit-text"
  | "easyedit-generation"
  | "loc-answer-argmax"
  | "loc-allpos-top1"
  | "loc-allpos-top10-ordered"
  | "loc-overlap10"
  | "loc-kl"
  | "loc-gen-agree"
  | "router-fired";

/** One number, with everything needed to read and compare it. Numbers of different `comparable_group` never share an axis. */
export interface ResultRow {
  metric: MetricName;
  profile: ProfileName;
  comparable_group: string;
  /** Which positions count. */
  mask: string;
  /** Rank slots compared; null where the profile compares no ranks. */
  k: number | null;
  /** Of a profile with two variants: which one. */
  variant?: Variant;
  /** Mean over probes after the edit, in some profiles over their tokens; fraction in [0, 1], nats where the profile says so. */
  value: number;
  /** The same mean on the unedited model. */
  base: number;
  /** Number of probes. */
  n: number;
  /** 95% interval of `value` (`meanInterval`); null where the values say nothing about their spread, such as a share of 0.5 of one case. */
  ci: [number, number] | null;
  /** Of a protocol with checkpoints: how many cases were edited when it was measured. */
  edits?: number;
  /** Of `router-fired`: probes that were routed, to an entry of their own case and to another's. */
  routed?: { fired: number; right: number; wrong: number };
  /** Seed of the interval and of everything random in the editor. */
  seed: number;
}

/** One probe's outcome. Answers are greedy; log-probabilities are nats per token of `scored`. */
export interface ProbeResult {
  kind: string;
  name?: string;
  image?: string;
  question: string;
  before: string;
  after: string;
  /** The target, or for locality the base model's own answer. */
  expected: string;
  /** After the edit, under `gen-exact`. */
  pass: boolean;
  /** Before the edit, under `gen-exact`. */
  pass_before: boolean;
  /** The text whose log-probability is reported: `expected`; the reference answer where the base model says nothing. */
  scored: string;
  logprob_before: number;
  logprob_after: number;
  /** Token accuracy under `tf-token`, before and after. */
  tf_before: number;
  tf_after: number;
  /** Of a portability probe. */
  hop?: number;
  /** In the other profiles that were asked for, before and after; and what the pair weighs, in profiles that average over tokens. */
  scores?: Partial<Record<ProfileName, [before: number, after: number, weight?: number]>>;
  /** Where an edit in force routes: whether it fired, and with an entry of this case. */
  routed?: { fires: boolean; right: boolean };
}

export interface CaseResult {
  id: string;
  image?: string;
  question: string;
  /** What the model answered before. */
  answer: string;
  target: string;
  probes: ProbeResult[];
  /** Wall time of the edit call that held this case, milliseconds; of a batch, that of the whole batch. */
  edit_ms: number;
  /** Of a protocol in which several edits are in force: which stretch between two restores it was tested in, from 0. */
  group?: number;
  /** Of such a protocol: how many cases were edited when it was tested. */
  edits?: number;
  edit?: Provenance;
}

/** The document that `medke evaluate --json` prints. */
export interface Evaluation {
  run: { id: string; started: string; seconds: number; medke: string; node: string };
  model: string;
  editor: string;
  /** The editor's settings in force. */
  editor_options: Record<string, unknown>;
  /** What second moments of keys were gathered over, for an editor that takes them; missing where it took the identity. */
  statistics?: { corpus: string; digest: string };
  benchmark: string;
  /** Canonical spelling of the protocol, such as "single" or "batch:10". */
  protocol: string;
  seed: number;
  device: DeviceReport;
  rows: ResultRow[];
  cases: CaseResult[];
  /** What the reader left out, with the reason and the count. */
  skipped: { reason: string; count: number }[];
  /** Of protocol edit-then-confuse: confusion pairs before and after the edits. */
  confusion?: ConfusionChange;
  /** Where the evaluation was stopped: how many tests it holds, and how many there would have been (0 where that is not known). */
  partial?: { tested: number; of: number };
  /** What a reader must know before using the numbers, a line each; missing where there is nothing. */
  warnings?: string[];
  notice: string;
}
