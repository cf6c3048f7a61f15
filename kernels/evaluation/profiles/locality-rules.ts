import type { Probe } from "../../../datasets/case.ts";
import { sameAnswer } from "../normalise-answer.ts";
import { scoredText } from "../observe-probe.ts";
import { argmaxAgreement } from "../scoring/argmax-agreement.ts";
import { klDivergence } from "../scoring/kl-divergence.ts";
import { rightAligned, topKOverlap } from "../scoring/ordered-top-k.ts";
import type { Observed } from "../../models/observe.ts";
import { unpackRow } from "../../models/packed-row.ts";
import { kept, plainAsk, rankAgreement } from "./compare-sides.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

type Rule = Pick<Profile, "name" | "summary" | "mask" | "asks" | "score"> & { group: string; k?: number };

/** A rule that compares before with after; probes that want an answer have no number. */
const rule = ({ group, k, score, asks, ...profile }: Rule): Profile => ({
  ...profile,
  groups: { "text-locality": group, "image-locality": group },
  ...(k === undefined ? {} : { k: { "text-locality": k, "image-locality": k } }),
  asks: (probe, baseAnswer) => (sideOf(probe) === "target" ? [] : (asks?.(probe, baseAnswer) ?? [])),
  score: (probe, ...seen) => (sideOf(probe) === "target" ? undefined : score(probe, ...seen)),
});

/** Section 6 of the metric reference, on the model's own prompt. */
export const locAnswerArgmax = rule({
  name: "loc-answer-argmax",
  summary: "share of answer positions with the same first choice as before",
  group: "mm.locality.answer-argmax",
  mask: "answer",
  k: 1,
  score: (_, before, after) => ({
    before: argmaxAgreement(before.score, before.score),
    after: argmaxAgreement(before.score, after.score),
  }),
});

const everywhere = (probe: Probe, topK: number): Ask => ({ ...plainAsk(probe), topK });
const allPositions = (name: "loc-allpos-top1" | "loc-allpos-top10-ordered", k: number): Profile =>
  rule({
    name,
    summary: `share of rank slots that hold the same id as before, over all positions, ${k === 1 ? "first choice" : `${k} ranks`}`,
    group: `mm.locality.allpos.ordered-top${k}`,
    mask: "all positions",
    k,
    asks: (probe) => [everywhere(probe, k)],
    score: (probe, before, after) => kept(everywhere(probe, k), before, after, rankAgreement),
  });

/** VLKEB's locality rule for text, on any probe. */
export const locAllposTop1 = allPositions("loc-allpos-top1", 1);
/** VLKEB's locality rule for images, on any probe. */
export const locAllposTop10Ordered = allPositions("loc-allpos-top10-ordered", 10);

const tenRanks = (probe: Probe): Ask => ({ question: probe.question, answer: scoredText(probe), topK: 10 });

/** Set overlap, which does not care about ranks. */
export const locOverlap10 = rule({
  name: "loc-overlap10",
  summary: "share of the ten likeliest ids that stay among them, at answer positions, whatever their order",
  group: "mm.locality.answer-overlap10",
  mask: "answer",
  k: 10,
  asks: (probe) => [tenRanks(probe)],
  score: (probe, before, after) =>
    kept(tenRanks(probe), before, after, (a, b) => topKOverlap(...rightAligned(a.top, b.top))),
});

const wholly = (probe: Probe): Ask => ({ question: probe.question, answer: scoredText(probe), distributions: true });
const rowsOf = ({ distributions = [] }: Observed) => distributions.map(unpackRow);

/** How far the distributions move, in nats: 0 is best. */
export const locKl = rule({
  name: "loc-kl",
  summary: "KL divergence from before to after at answer positions, nats; 0 is unchanged",
  group: "mm.locality.answer-kl",
  mask: "answer",
  asks: (probe) => [wholly(probe)],
  score: (probe, before, after) =>
    kept(wholly(probe), before, after, (a, b) => klDivergence(rowsOf(a), rowsOf(b)).mean),
});

/** Free generation before and after. */
export const locGenAgree = rule({
  name: "loc-gen-agree",
  summary: "the freely generated answer, normalised, is the same as before",
  group: "mm.locality.gen-agree",
  mask: "free generation",
  score: (_, before, after) => ({ before: 1, after: Number(sameAnswer(before.answer, after.answer)) }),
});
