import type { EditCase } from "../../../datasets/case.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { BaseObservations } from "../base-observations.ts";
import { compareProbe } from "../compare-probe.ts";
import { type Observation, observeProbe } from "../observe-probe.ts";
import type { Profile, ScoringContext } from "../profiles/profile.ts";
import type { CaseResult } from "../result.ts";
import type { Editing } from "./edit-chain.ts";

export interface TestOptions {
  /** The base model. */
  model: EditableModel;
  base: BaseObservations;
  case: EditCase;
  /** Makes the edited model, once the base model has been asked. */
  edited(): Promise<{ view: EditableModel; editing?: Editing }>;
  /** Makes the model that says what unchanged probes are compared with, where that is not the base model. */
  unchanged?(): Promise<EditableModel>;
  /** Profiles beside the default ones. */
  profiles?: readonly Profile[];
  /** Groups of answers that mean the same. */
  synonyms?: ScoringContext["synonyms"];
  signal?: AbortSignal;
  /** Called before each probe of the edited model, from 1. */
  onProbe?: (probe: number, of: number) => void;
}

/** All probes of one case, on the base model and on the edited one. Throws: CancelledError; what model and editor throw. */
export async function testCase(options: TestOptions): Promise<CaseResult> {
  const { model, base, case: asked, edited, unchanged, profiles = [], synonyms, signal, onProbe } = options;
  const { benchmark, probes } = asked;
  const before: Observation[] = [];
  for (const probe of probes)
    before.push(
      unchanged && "unchanged" in probe.expect
        ? await observeProbe(await unchanged(), probe, signal, undefined, profiles)
        : await base.of(probe, benchmark, signal),
    );
  const told = probes.findIndex(({ kind }) => kind === "reliability");
  const answer =
    told >= 0 ? before[told].answer : await model.answer({ image: asked.image, question: asked.question }, { signal });

  const { view, editing } = await edited();
  const after: Observation[] = [];
  for (const [i, probe] of probes.entries()) {
    onProbe?.(i + 1, probes.length);
    after.push(await observeProbe(view, probe, signal, before[i].answer, profiles));
  }
  const reliability = told >= 0 ? { probe: probes[told], before: before[told], after: after[told] } : undefined;
  const context = { profiles, synonyms, case: asked.id, reliability };
  return {
    id: asked.id,
    ...(asked.image === undefined ? {} : { image: asked.image.id }),
    question: asked.question,
    answer,
    target: asked.target,
    probes: probes.map((probe, i) => compareProbe(probe, before[i], after[i], context)),
    edit_ms: editing?.ms ?? 0,
    ...(editing && { edit: editing.provenance }),
  };
}
