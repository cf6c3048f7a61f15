import type { Probe } from "../../../../datasets/case.ts";
import type { Observation } from "../../../../kernels/evaluation/observe-probe.ts";
import { askKey } from "../../../../kernels/evaluation/profiles/observed-by.ts";
import type { Profile } from "../../../../kernels/evaluation/profiles/profile.ts";
import type { Observed } from "../../../../kernels/models/observe.ts";

const nothing = { ids: [], argmax: [], logprobs: [] };

/** A probe of a kind: one that wants the answer "a", or with `kept` one that must stay as it was. */
export const probeOf = (kind: Probe["kind"], { image = false, kept = false } = {}): Probe => ({
  kind,
  question: `${kind}?`,
  ...(image && { image: { id: "i.png", path: "/i.png" } }),
  expect: kept ? { unchanged: true, context: "c" } : { answer: "a" },
});

/** What a model did with a probe, where a profile asks one thing: the best ids of every row, and the ids of the answer alone. */
export function observationOf(
  profile: Profile,
  probe: Probe,
  top: readonly (readonly number[])[],
  more: { bare?: number[]; inserted?: Observed["inserted"]; ids?: number[] } = {},
): Observation {
  const { bare = [], inserted, ids = bare } = more;
  const observed: Observed = {
    length: top.length,
    ids,
    firstRow: top.length - 1 - ids.length,
    logprobs: [],
    apart: { bare, spaced: bare },
    top: top.map((row) => [...row]),
    ...(inserted && { inserted }),
  };
  const [ask] = profile.asks!(probe, "");
  return { answer: "", score: nothing, shown: { text: "", score: nothing }, asked: { [askKey(ask)]: observed } };
}

/** Rows that have one id each. */
export const firsts = (...ids: number[]): number[][] => ids.map((id) => [id]);
