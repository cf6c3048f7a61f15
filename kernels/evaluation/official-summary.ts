import { EmptySetError } from "./empty-set-error.ts";
import { stored } from "./profiles/profile.ts";
import type { CaseResult, Evaluation, ProbeResult, ProfileName } from "./result.ts";
import { type MedlasaSummary, medlasaSummary } from "./scoring/medlasa.ts";
import { type MedrekSummary, medrekSummary, pooled, type UnitScores } from "./scoring/medrek-summary.ts";

/** What a summary reads of an evaluation: one with its cases (`details`), scored with the profile of the same name. */
type Finished = Pick<Evaluation, "cases" | "protocol">;

/**
 * The numbers that MedREK, or RECIPE, prints at the end of a run: means of every kind of probe over units, where a unit is an edit or a batch.
 *
 * `form` "medrek" (default) gives percentages and their average, "recipe" fractions without one. Rows of the evaluation have the same means
 * where the protocol weighs as the published one (`batch:N:official`); the average is of this summary alone.
 * Throws: EmptySetError where no case has all of reliability, a rephrasing and a locality probe in profile `medrek`.
 * Source: MedREK and RECIPE, editor evaluation.
 */
export function medrekSummaryOf(
  { cases, protocol }: Finished,
  { form = "medrek" }: { form?: "medrek" | "recipe" } = {},
): MedrekSummary {
  const scored = complete(cases, "medrek");
  const together = protocol.startsWith("batch:");
  const units = new Map<number, UnitScores[]>();
  scored.forEach(({ finished: { group = 0 }, scores }, i) => {
    const unit = together ? group : i;
    units.set(unit, [...(units.get(unit) ?? []), scores]);
  });
  return medrekSummary(
    [...units.values()].map((unit) => ({ scores: pooled(unit), records: unit.length })),
    { form },
  );
}

/**
 * The numbers that MedLaSA prints: percentages over all records, and an average that takes the kinds of locality first.
 *
 * Throws: EmptySetError, as `medrekSummaryOf` in profile `medlasa`. Source: MedLaSA, its metrics.
 */
export const medlasaSummaryOf = ({ cases }: Finished): MedlasaSummary =>
  medlasaSummary(
    complete(cases, "medlasa").map(({ scores }) => ({
      rewrite: scores.reliability.request,
      rephrase: scores.generality.rephrase,
      locality: scores.locality,
    })),
  );

/** Cases that have every indicator, as the published data do; the others are left out. */
function complete(cases: readonly CaseResult[], profile: ProfileName) {
  const scored = cases.map((finished) => ({ finished, scores: scoresOf(finished.probes, profile) }));
  const whole = scored.filter(({ scores }) => Object.values(scores).every((kinds) => Object.keys(kinds).length > 0));
  if (whole.length > 0) return whole;
  throw new EmptySetError(
    `${profile} summary: no case has reliability, a rephrasing and a locality probe in this profile. ` +
      `Evaluate a benchmark of text edits with profile ${profile}, and keep the cases (details).`,
  );
}

function scoresOf(probes: readonly ProbeResult[], profile: ProfileName): UnitScores {
  const scores: UnitScores = { reliability: {}, generality: {}, locality: {} };
  for (const probe of probes) {
    const value = stored(profile, probe)?.after;
    if (value === undefined) continue;
    if (probe.kind === "reliability") (scores.reliability.request ??= []).push(value);
    else if (probe.kind === "text-generality") (scores.generality.rephrase ??= []).push(value);
    else if (probe.kind === "text-locality")
      (scores.locality[probe.name === undefined ? "locality" : `locality_${probe.name}`] ??= []).push(value);
  }
  return scores;
}
