import type { Tensor } from "../../tensor.ts";
import { logDistribution, logitRow } from "../../models/logit-rows.ts";
import { meanOf } from "./masked-accuracy.ts";

/** How likely a model finds some labels. */
export interface Likelihood {
  /** Mean negative log-likelihood, nats per token. */
  nll: number;
  /** Mean probability of the labels. */
  prob: number;
  /** Number of labels. */
  n: number;
}

/** Log-probability of `label` at `row`, nats. Shapes: logits [.., rows, vocabulary]. */
export const logprobAt = (logits: Tensor<Float32Array>, row: number, label: number): number =>
  logDistribution(logitRow(logits, row))[label];

/** Throws: EmptySetError without labels. */
export const labelLikelihood = (logprobs: readonly number[]): Likelihood => ({
  nll: -meanOf(logprobs, "likelihood"),
  prob: meanOf(logprobs.map(Math.exp), "likelihood"),
  n: logprobs.length,
});
