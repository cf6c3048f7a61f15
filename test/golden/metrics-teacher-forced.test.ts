import { maskedLabels, rolledLabels } from "../../kernels/evaluation/scoring/answer-argmax.ts";
import { easyEditHead, listedPredictions } from "../../kernels/evaluation/scoring/easyedit-head.ts";
import { prefixedLabels, targetLabels } from "../../kernels/evaluation/scoring/easyedit-labels.ts";
import { klDivergence } from "../../kernels/evaluation/scoring/kl-divergence.ts";
import { labelLikelihood, logprobAt } from "../../kernels/evaluation/scoring/label-likelihood.ts";
import { IGNORED, maskedAccuracy, meanOf } from "../../kernels/evaluation/scoring/masked-accuracy.ts";
import { orderedTopK } from "../../kernels/evaluation/scoring/ordered-top-k.ts";
import { answerRows, tailWindow } from "../../kernels/evaluation/scoring/tail-window.ts";
import { trainerLoss, type LossWeights } from "../../kernels/evaluation/scoring/trainer-step.ts";
import type { Variant } from "../../kernels/evaluation/scoring/variant.ts";
import { vlkebLegacy, withoutPads } from "../../kernels/evaluation/scoring/vlkeb-legacy.ts";
import { describeGolden } from "./golden-cases.ts";
import { best, distributions, type Nested, tensorOf, top } from "./nested-logits.ts";

interface Batch {
  logits: Nested;
  labels: number[][];
  model_class?: string;
}

/** Log-probabilities of the labels that are scored, at the rows that score them. */
const scored = (rows: number[][], at: readonly number[], labels: readonly number[]): number[] =>
  labels.flatMap((label, j) => (label === IGNORED ? [] : [logprobAt(tensorOf(rows), at[j], label)]));

const likelihood = (logprobs: number[]) => {
  const { nll, prob, n } = labelLikelihood(logprobs);
  return { nll, log_prob: -nll, prob, n_tokens: n };
};

const windowed =
  (variant: Variant) =>
  ({ logits, labels, model_class = "" }: Batch) => {
    const t5 = model_class.toLowerCase().includes("t5");
    const { acc, predicted, labels: kept } = vlkebLegacy(logits.map(best), labels, { t5, variant });
    const windows = labels.map((each, i) => tailWindow(logits[i].length, each, variant));
    return {
      acc,
      ...likelihood(logits.flatMap((rows, i) => scored(rows, windows[i].rows, windows[i].labels))),
      pred_ids: predicted,
      targ_ids: kept,
      window_rows: windows[0].rows,
    };
  };

const inContext = ({
  logits: [rows],
  context_ids: [ids],
  question_len,
  context_answer_len,
}: Batch & { context_ids: number[][]; question_len: number; context_answer_len: number }) => {
  const at = answerRows(question_len, context_answer_len);
  const labels = ids.slice(question_len, question_len + context_answer_len);
  const predicted = best(rows);
  return {
    acc: maskedAccuracy(
      at.map((row) => predicted[row]),
      labels,
    ),
    ...likelihood(scored(rows, at, labels)),
    window_rows: at,
  };
};

const shifted = ({ logits, labels, exact_match }: Batch & { exact_match: boolean }) => {
  const score = easyEditHead(logits.map(best), labels, { exactMatch: exact_match });
  const each = logits.flatMap((rows, i) => scored(rows, [...rows.keys()], labels[i].slice(1)));
  return { acc: score.acc, pred_ids: score.predicted, ...likelihood(each), pred_ids_nonzero: listedPredictions(score) };
};

interface Part {
  post_logits: Nested;
  pre_logits: Nested;
  labels: number[][];
}
type Step = Record<
  "edit_inner" | "edit_outer" | "edit_outer_image" | "loc" | "loc_image" | "port_0" | "port_1",
  Part
> & {
  weights: LossWeights;
  alg: string;
};

/** The trainer's log of one step; `measure` scores one of its batches. */
const step = (measure: (batch: Batch) => { acc: number; nll: number; prob: number }) => (inputs: Step) => {
  const of = ({ post_logits, labels }: Part) => measure({ logits: post_logits, labels });
  const [inner, edit, image] = [of(inputs.edit_inner), of(inputs.edit_outer), of(inputs.edit_outer_image)];
  const kept = ({ pre_logits: [pre], post_logits: [post] }: Part, k: number) => orderedTopK(top(pre, k), top(post, k));
  const kl = ({ pre_logits: [pre], post_logits: [post] }: Part) =>
    klDivergence(distributions(pre), distributions(post)).mean;
  const [klText, klImage] = [kl(inputs.loc), kl(inputs.loc_image)];
  const measured = { edit: { ...edit, n: 0 }, imageEdit: { ...image, n: 0 }, klText, klImage };
  const total = trainerLoss(measured, inputs.weights, { imageLocality: inputs.alg !== "SERAC_MULTI" });
  const hops = [inputs.port_0, inputs.port_1].filter(Boolean).map((part) => of(part).acc);
  return {
    "loss/edit": edit.nll,
    "loss/image_edit": image.nll,
    "loss/loc": klText,
    "edit/acc": edit.acc,
    "edit/log_prob": -edit.nll,
    "edit/prob": edit.prob,
    "inner/acc": inner.acc,
    "image_rephrase/acc": image.acc,
    "loc/acc": kept(inputs.loc, 1),
    "image_loc/acc": kept(inputs.loc_image, 10),
    "loss/total": total,
    "loss/total_edit": total,
    ...(hops.length ? { "port/acc": meanOf(hops, "portability") } : {}),
  };
};

interface Encoded {
  bos_id: number;
  pad_id: number;
  prompt_ids: number[][];
  target_ids: number[][];
}

const liveEdit = ({ bos_id, pad_id, prompt_ids, target_ids }: Encoded) => {
  const { labels, masks } = rolledLabels(prompt_ids, target_ids, { bos: bos_id, pad: pad_id });
  return { label_ids: labels, label_masks: masks };
};

interface Item {
  prompt_ids: number[];
  target_ids: number[];
  post_logits: number[][];
  pre_logits: number[][];
}
interface LiveEditInputs extends Encoded {
  reliability: Item[];
  generality: Record<string, Item[]>;
  locality: Record<string, Item[]>;
}

const evaluated = ({ bos_id, pad_id, reliability, generality, locality }: LiveEditInputs) => {
  const labelsOf = ({ prompt_ids, target_ids }: Item) =>
    rolledLabels([prompt_ids], [target_ids], { bos: bos_id, pad: pad_id });
  /** Predictions at the columns that have labels: the last ones. */
  const predicted = (rows: number[][], item: Item) => best(rows).slice(-labelsOf(item).labels[0].length);
  const right = (item: Item) => maskedAccuracy(predicted(item.post_logits, item), maskedLabels(labelsOf(item))[0]);
  const kept = (item: Item) => {
    const before = predicted(item.pre_logits, item);
    return maskedAccuracy(
      predicted(item.post_logits, item),
      maskedLabels({ labels: [before], masks: labelsOf(item).masks })[0],
    );
  };
  const each = <T>(kinds: Record<string, Item[]>, score: (item: Item) => T) =>
    Object.fromEntries(Object.entries(kinds).map(([kind, items]) => [kind, items.map(score)]));
  const means = (kinds: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(kinds).map(([kind, values]) => [kind, { acc: meanOf(values, kind) }]));
  const found = {
    reliability: reliability.map(right),
    generality: each(generality, right),
    locality: each(locality, kept),
  };
  return {
    ...found,
    before_edit_ids: each(locality, (item) => predicted(item.pre_logits, item)),
    mean: {
      reliability: { acc: meanOf(found.reliability, "reliability") },
      generality: means(found.generality),
      locality: means(found.locality),
    },
  };
};

interface LossInputs {
  logits: Nested;
  logits_after: Nested;
  label_ids: number[][];
  label_masks: number[][];
}

const losses = ({ logits, logits_after, label_ids, label_masks }: LossInputs) => {
  const masked = maskedLabels({ labels: label_ids, masks: label_masks });
  // These losses take the last rows as they are: the final one is not dropped, because their labels are rolled already.
  const rowsOf = (i: number) => label_ids[i].map((_, j) => logits[i].length - label_ids[i].length + j);
  const logprobs = logits.flatMap((rows, i) => scored(rows, rowsOf(i), masked[i]));
  const tail = (all: Nested) => all.flatMap((rows, i) => distributions(rows).slice(-label_ids[i].length));
  const kl = klDivergence(tail(logits), tail(logits_after), label_masks.flat());
  const { nll, n } = labelLikelihood(logprobs);
  return { nll_mean: nll, nll_sum: nll * n, kl_mean: kl.mean, kl_sum: kl.sum };
};

interface RowInputs {
  input_ids: number[][];
  target_ids: number[][];
  pad_id: number;
  padding_side: "left" | "right";
}
const built =
  (variant: Variant) =>
  ({ input_ids, target_ids, pad_id, padding_side }: RowInputs) => ({
    labels: targetLabels(input_ids, target_ids, { variant, pad: pad_id, padding: padding_side }),
  });

const window = { official: windowed("official"), corrected: windowed("corrected") };

describeGolden("metrics-teacher-forced.json", {
  "profile_a.token_accuracy": window,
  "profile_a.label_longer_than_input": window,
  "profile_a.multi_row": window,
  "profile_a.window_slip": { official: window.official, corrected: inContext },
  "profile_a.pad_counted": {
    official: window.official,
    corrected: (inputs: Batch & { label_lengths: number[] }) =>
      windowed("official")({ ...inputs, labels: withoutPads(inputs.labels, inputs.label_lengths) }),
  },
  "profile_a.edit_step": { official: step(windowed("official")) },
  "profile_b.edit_step": { official: step((batch) => shifted({ ...batch, exact_match: false })) },
  "profile_b.masked_accuracy": { official: shifted },
  "profile_b.hf_accuracy": { official: shifted },
  "profile_b.label_builder": { official: built("official"), corrected: built("corrected") },
  "profile_b.label_builder_blip2": {
    official: (inputs: { input_ids: number[][]; pad_id: number; prompt_lengths: number[]; image_tokens: number }) => {
      const { input_ids, pad_id, prompt_lengths, image_tokens } = inputs;
      const made = prefixedLabels(input_ids, prompt_lengths, { pad: pad_id, imageTokens: image_tokens });
      return { labels: made.labels, attention_mask: made.attention };
    },
  },
  "profile_c.labels": { official: liveEdit },
  "profile_c.evaluate": { official: evaluated },
  "profile_c.losses": { official: losses },
});
