import { expect } from "chai";
import type { Probe } from "../../../../datasets/case.ts";
import { compareProbe } from "../../../../kernels/evaluation/compare-probe.ts";
import type { Observation } from "../../../../kernels/evaluation/observe-probe.ts";
import { vlkebKe, vlkebKeOwl2 } from "../../../../kernels/evaluation/profiles/vlkeb-ke.ts";
import { vlkebLegacy } from "../../../../kernels/evaluation/profiles/vlkeb-legacy.ts";
import type { CaseResult, ProfileName } from "../../../../kernels/evaluation/result.ts";
import { resultRows } from "../../../../kernels/evaluation/result-rows.ts";
import { firsts, observationOf, probeOf } from "./made-up-observations.ts";

const profiles = [vlkebLegacy, vlkebKe, vlkebKeOwl2];

interface Seen {
  probe: Probe;
  before: Observation;
  after: Observation;
}

/** An answer of ids [5, 6, ...]; of it, the model has so many right before and after. The last row predicts nothing that counts. */
const answered = (kind: Probe["kind"], tokens: number, right: [number, number]): Seen => {
  const probe = probeOf(kind, { image: true });
  const bare = Array.from({ length: tokens }, (_, i) => 5 + i);
  const said = (n: number) => observationOf(vlkebKe, probe, firsts(0, ...bare.map((id, i) => (i < n ? id : 1)), 2), { bare }); // prettier-ignore
  return { probe, before: said(right[0]), after: said(right[1]) };
};

/** So many rows with one id, of which so many stay. */
const stayed = (rows: number, same: number): Seen => {
  const probe = probeOf("text-locality", { kept: true });
  const seen = (changed: number) => observationOf(vlkebKe, probe, firsts(...Array.from({ length: rows }, (_, i) => (i < changed ? 9 : 3)))); // prettier-ignore
  return { probe, before: seen(0), after: seen(rows - same) };
};

const caseOf = (id: string, seen: Seen[]): CaseResult => {
  const [reliability] = seen;
  return {
    id,
    question: id,
    answer: "",
    target: "a",
    edit_ms: 0,
    probes: seen.map(({ probe, before, after }) => {
      // The fields of the default profiles, which these made-up observations do not fill.
      const scored = { ids: [1], argmax: [1], logprobs: [0] };
      const whole = (each: Observation) => ({ ...each, score: scored, shown: { text: "a", score: scored } });
      return compareProbe(probe, whole(before), whole(after), { profiles, reliability });
    }),
  };
};

describe("VLKEB's KE evaluator, on made-up records", () => {
  const cases = [
    // 1 of 1 right, 2 of 4 rows kept.
    caseOf("one", [answered("reliability", 1, [0, 1]), answered("text-generality", 1, [0, 0]), stayed(4, 2)]),
    // 1 of 3 right (1 before), 16 of 16 rows kept.
    caseOf("two", [answered("reliability", 3, [1, 1]), answered("text-generality", 3, [0, 3]), stayed(16, 16)]),
  ];
  const rows = resultRows(cases, 0, { profiles: profiles.map(({ name }) => name) });
  const values = (metric: string) =>
    Object.fromEntries(
      rows.filter((row) => row.metric === metric).map((row) => [row.profile, [row.value, row.base, row.n]]),
    ) as Record<ProfileName, [number, number, number]>;
  const near = (got: readonly number[], wanted: readonly number[]) =>
    got.forEach((value, i) => expect(value).to.be.closeTo(wanted[i], 1e-12));

  it("averages over tokens, where the trainer averages over records", () => {
    const { "vlkeb-legacy": macro, "vlkeb-ke": micro } = values("reliability");
    near(macro, [(1 + 1 / 3) / 2, (0 + 1 / 3) / 2, 2]);
    near(micro, [2 / 4, 1 / 4, 2]);
  });

  it("averages locality over rank slots of all records", () => {
    const { "vlkeb-legacy": macro, "vlkeb-ke": micro } = values("text-locality");
    near(macro, [(2 / 4 + 1) / 2, 1, 2]);
    near(micro, [18 / 20, 1, 2]);
  });

  it("logs with mPLUG-Owl2 the reliability as generality", () => {
    near(values("text-generality")["vlkeb-ke"], [3 / 4, 0, 2]);
    near(values("text-generality")["vlkeb-ke-owl2"], values("reliability")["vlkeb-ke"]);
    near(values("reliability")["vlkeb-ke-owl2"], values("reliability")["vlkeb-ke"]);
  });

  it("has no generality of a case that has no reliability probe", () => {
    const { probe, before, after } = answered("text-generality", 1, [0, 1]);
    expect(vlkebKeOwl2.score(probe, before, after, {})).to.equal(undefined);
    expect(vlkebKe.score(probe, before, after, {})).to.deep.equal({ before: 0, after: 1, weight: 1 });
  });

  it("keeps its numbers apart from those averaged over records", () => {
    const groups = (name: string) => rows.filter(({ profile }) => profile === name).map((row) => row.comparable_group);
    expect(groups("vlkeb-ke").some((group) => groups("vlkeb-legacy").includes(group))).to.equal(false);
    const [official] = groups("vlkeb-ke-owl2");
    expect(groups("vlkeb-ke")).not.to.include(official);
  });
});
