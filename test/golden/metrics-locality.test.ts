import { pairedLocality } from "../../kernels/evaluation/scoring/easyedit-head.ts";
import { ikeLocality } from "../../kernels/evaluation/scoring/ike-vlkeb.ts";
import { bernoulliDivergence, klDivergence } from "../../kernels/evaluation/scoring/kl-divergence.ts";
import { orderedTopK, rightAligned, topKOverlap } from "../../kernels/evaluation/scoring/ordered-top-k.ts";
import { tailWindow } from "../../kernels/evaluation/scoring/tail-window.ts";
import { describeGolden } from "./golden-cases.ts";
import { best, distributions, type Nested, top } from "./nested-logits.ts";

interface Pair {
  pre: Nested;
  post: Nested;
}
interface Both {
  text_pre: Nested;
  text_post: Nested;
  image_pre: Nested;
  image_post: Nested;
  text_mask?: number[][];
  image_mask?: number[][];
}

/** Best ids of a batch, row under row; sequences of unequal length are aligned at their ends. */
const tops = ({ pre, post }: Pair, k: number): [number[][], number[][]] => {
  const pairs = pre.map((rows, i) => rightAligned(top(rows, k), top(post[i], k)));
  return [pairs.flatMap(([before]) => before), pairs.flatMap(([, after]) => after)];
};
const ordered = (pair: Pair, k: number) => orderedTopK(...tops(pair, k));
const overlap = (pair: Pair, k: number) => topKOverlap(...tops(pair, k));
const divergence = ({ pre, post }: Pair, mask?: number[][]) =>
  klDivergence(pre.flatMap(distributions), post.flatMap(distributions), mask?.flat());

const everywhere = ({ text_pre, text_post, image_pre, image_post, text_mask, image_mask }: Both) => {
  const [text, image] = [
    { pre: text_pre, post: text_post },
    { pre: image_pre, post: image_post },
  ];
  return {
    text_top1: ordered(text, 1),
    image_top10_ordered: ordered(image, 10),
    kl_text: divergence(text, text_mask).mean,
    kl_image: divergence(image, image_mask).mean,
  };
};
const imageOverlap = ({ image_pre, image_post }: Both) => ({
  image_set_overlap_at_10: overlap({ pre: image_pre, post: image_post }, 10),
});

const answersOnly = (inputs: Both & { text_answer_len: number; image_answer_len: number }) => ({
  text_top1: ikeLocality(top(inputs.text_pre[0], 1), top(inputs.text_post[0], 1), inputs.text_answer_len),
  image_top10_ordered: ikeLocality(
    top(inputs.image_pre[0], 10),
    top(inputs.image_post[0], 10),
    inputs.image_answer_len,
  ),
});

const paired =
  (variant: "official" | "corrected") =>
  ({ pre, post, labels }: Pair & { labels: number[][] }) => {
    const predicted = (all: Nested) =>
      all.flatMap((rows, i) => tailWindow(rows.length, labels[i]).rows.map((row) => best(rows)[row]));
    return { locality: pairedLocality(predicted(pre), predicted(post), variant) };
  };

const sequences = (inputs: Pair & { mask: number[][] }) => {
  const { mean, sum } = divergence(inputs, inputs.mask);
  return { kl: mean, mean, sum };
};

describeGolden("metrics-locality.json", {
  all_positions: { official: everywhere, own: imageOverlap },
  all_positions_masked_kl: { official: everywhere, own: imageOverlap },
  rank_edit: {
    official: (pair: Pair) => ({ top1: ordered(pair, 1), top10_ordered: ordered(pair, 10) }),
    own: (pair: Pair) => ({ set_overlap_at_10: overlap(pair, 10) }),
  },
  right_aligned: {
    official: ({ k, ...pair }: Pair & { k: number }) => ({ match: ordered(pair, k) }),
    own: ({ k, ...pair }: Pair & { k: number }) => {
      const [before, after] = tops(pair, k);
      return { set_overlap: overlap(pair, k), per_position: before.map((ids, i) => topKOverlap([ids], [after[i]])) };
    },
  },
  answer_only_in_context: { official: answersOnly },
  editor_locality: { official: paired("official"), corrected: paired("corrected") },
  kl_sequence: { official: sequences },
  kl_answer_positions: { official: sequences },
  kl_binary: {
    official: ({ pre, post }: { pre: number[][]; post: number[][] }) => ({
      kl: bernoulliDivergence(pre.flat(), post.flat()),
    }),
  },
});
