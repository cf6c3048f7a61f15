// What a trainer of FGVEdit measures; the editors' own arithmetic of the same file is tested with the editors.
import { easyEditHead } from "../../kernels/evaluation/scoring/easyedit-head.ts";
import { routerAccuracy, specificity } from "../../kernels/evaluation/scoring/fgvedit.ts";
import { klDivergence } from "../../kernels/evaluation/scoring/kl-divergence.ts";
import { labelLikelihood, logprobAt } from "../../kernels/evaluation/scoring/label-likelihood.ts";
import { IGNORED } from "../../kernels/evaluation/scoring/masked-accuracy.ts";
import { orderedTopK } from "../../kernels/evaluation/scoring/ordered-top-k.ts";
import { seracBareTensor } from "../../kernels/evaluation/scoring/serac-bare-tensor.ts";
import { fineGrainedLoss, type FineGrainedWeights } from "../../kernels/evaluation/scoring/trainer-step.ts";
import type { Variant } from "../../kernels/evaluation/scoring/variant.ts";
import { describeGolden } from "./golden-cases.ts";
import { best, distributions, type Nested, tensorOf, top } from "./nested-logits.ts";

interface Part {
  post_logits: Nested;
  pre_logits: Nested;
  labels: number[][];
  scope_similarity: number;
}
type Step = Record<"edit_inner" | "edit_outer" | "fg_gen" | "loc" | "fg_loc", Part> & {
  alg: string;
  weights: FineGrainedWeights;
};

/** Full-length labels, row r against label r + 1. */
const shifted = ({ post_logits: [rows], labels: [labels] }: Part) => {
  const scored = labels.flatMap((label, j) => (label === IGNORED ? [] : [logprobAt(tensorOf(rows), j - 1, label)]));
  return { acc: easyEditHead([best(rows)], [labels]).acc, ...labelLikelihood(scored) };
};
const kept = ({ pre_logits: [pre], post_logits: [post] }: Part, k: number) => orderedTopK(top(pre, k), top(post, k));
const kl = ({ pre_logits: [pre], post_logits: [post] }: Part) => klDivergence(distributions(pre), distributions(post)).mean; // prettier-ignore

const trainerStep = ({ edit_inner, edit_outer, fg_gen, loc, fg_loc, alg, weights }: Step) => {
  const [inner, edit, fgGen] = [edit_inner, edit_outer, fg_gen].map(shifted);
  const [klText, klFine] = [kl(loc), kl(fg_loc)];
  const routed = alg === "MSCKE";
  const of = ({ scope_similarity }: Part) => scope_similarity;
  const similarity = routed
    ? { inner: of(edit_inner), outer: of(edit_outer), fgGen: of(fg_gen), loc: of(loc), fgLoc: of(fg_loc) }
    : undefined;
  const total = fineGrainedLoss({ edit, fgGen, klText, klFine, similarity }, weights);
  const hit = (part: Part) => routerAccuracy({ inScope: [of(part)], outOfScope: [] });
  const miss = (part: Part) => routerAccuracy({ inScope: [], outOfScope: [of(part)] });
  const fine = { generality: fgGen.acc, locality: kept(fg_loc, 10) };
  return {
    "loss/edit": edit.nll,
    "loss/fg_gen": fgGen.nll,
    "loss/loc": klText,
    "loss/fg_loc": klFine,
    "edit/acc": edit.acc,
    "edit/log_prob": -edit.nll,
    "edit/prob": edit.prob,
    "inner/acc": inner.acc,
    "reliability/acc": inner.acc,
    "generality/acc": edit.acc,
    "fg_gen/acc": fine.generality,
    "loc/acc": kept(loc, 1),
    "fg_loc/acc": fine.locality,
    "specificity/acc": specificity([fine]),
    "loss/total": total,
    "loss/total_edit": total,
    ...(routed && {
      "edit/cls": hit(edit_outer),
      "fg_gen/cls": hit(fg_gen),
      "inner/cls": hit(edit_inner),
      "loc/cls": miss(loc),
      "fg_loc/cls": miss(fg_loc),
    }),
  };
};

const bareTensor =
  (variant: Variant) =>
  ({ logits: [rows], labels: [labels] }: { logits: Nested; labels: number[][] }) => {
    const { acc, scored } = seracBareTensor(best(rows), labels, variant);
    const logprobs = scored.rows.map((row, i) => logprobAt(tensorOf(rows), row, scored.labels[i]));
    return { acc, nll: labelLikelihood(logprobs).nll };
  };

const kinds = {
  "mscke.trainer_step": { official: trainerStep },
  "fgvedit.serac_bare_tensor": { official: bareTensor("official"), corrected: bareTensor("corrected") },
};
describeGolden("serac-mscke.json", kinds, {}, (kind) => kind in kinds);
