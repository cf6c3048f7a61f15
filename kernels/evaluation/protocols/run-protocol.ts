import type { EditCase } from "../../../datasets/case.ts";
import type { Editor } from "../../editors/editor.ts";
import type { StatisticsSource } from "../../editors/statistics-source.ts";
import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { BaseObservations } from "../base-observations.ts";
import { contentHash, portableCase } from "../content-hash.ts";
import type { Kept } from "../kept.ts";
import type { Observation } from "../observe-probe.ts";
import type { Profile, ScoringContext } from "../profiles/profile.ts";
import type { CaseResult } from "../result.ts";
import { runKey } from "../run-key.ts";
import { watchBase } from "../verify-base.ts";
import { EditChain } from "./edit-chain.ts";
import type { Protocol } from "./protocol.ts";
import { testCase } from "./test-case.ts";

/** Called before every edit and probe with the number of finished tests, of all (0 where that is not known), and what is done now. */
export type Progress = (done: number, total: number, detail?: string) => void;

export interface ProtocolOptions {
  /** The base model; a view with edits in force is accepted and is then the base. */
  model: EditableModel;
  /** Digest of the model's files. */
  modelDigest?: string;
  editor: Editor;
  protocol: Protocol;
  cases: AsyncIterable<EditCase>;
  /** Seed of everything random in the editor, and of the order where the protocol draws one. */
  seed: number;
  /** Where in-context editors take demonstrations; an editor never uses the edited case. */
  corpus: readonly EditCase[];
  /** Second moments of keys, for editors that take them. */
  statistics?: StatisticsSource;
  /** Profiles beside the default ones. */
  profiles?: readonly Profile[];
  /** Groups of answers that mean the same, for profiles that compare meanings. */
  synonyms?: ScoringContext["synonyms"];
  signal?: AbortSignal;
  /** Number of tests, for progress. */
  total?: number;
  onProgress?: Progress;
  /** Counts a case that was read and is not tested. */
  onSkip?: (reason: string) => void;
  /** Results that need not be computed again, and where new ones go. */
  results?: Kept<CaseResult>;
  /** Asks confusion pairs about a view in which so many cases are edited; `state` is the hash of what decides its answers. */
  onConfuse?: (view: EditableModel, state: string, edits: number) => Promise<void>;
  /** What the base model is known to answer, beside what is in memory. */
  observations?: Kept<Observation>;
}

/** A finished test, and whether it was kept from before. */
export interface Tested {
  result: CaseResult;
  reused: boolean;
}

/**
 * Does the steps of a protocol and yields every tested case when it is finished.
 *
 * Afterwards the base model must score the first case as before, bit for bit. The key of a result holds everything that determines it:
 * the run, all editor calls in force in their order (so the place in a sequence), and the case with its probes. It holds no name of a
 * protocol: what two of them measure alike is measured once.
 * Throws: CancelledError; BaseModelChangedError; what model and editor throw. The base model is left as it was.
 */
export async function* runProtocol(options: ProtocolOptions): AsyncGenerator<Tested> {
  const { model, modelDigest, editor, protocol, seed, corpus, statistics, signal, results, total = 0 } = options;
  const { profiles = [], synonyms } = options;
  const scored = profiles.length ? { profiles: profiles.map(({ name }) => name), synonyms } : {};
  const base = new BaseObservations(model, { digest: modelDigest, disk: options.observations, profiles });
  const root = runKey({ model, modelDigest, editor, corpus, statistics: statistics?.digest, seed });
  const restored = () => new EditChain(model, editor, root);
  let chain = restored();
  let baseline: EditChain | undefined;
  const skip = (reason: string) => options.onSkip?.(reason);
  const report = (detail: string) => options.onProgress?.(done, total, detail);
  let edit = "edit 1";
  const onEdit = (made: number) => report((edit = `edit ${made + 1}`));
  const onStep = (at: number, of: number, loss: number) =>
    report(`${edit}, step ${at} of ${of}, loss ${loss.toFixed(3)}`);
  const onWork = (what: string, share: number) => report(`${edit}, ${what}, ${Math.floor(100 * share)} %`);
  const makeView = (of = chain) => of.view({ seed, corpus, statistics, signal, onStep, onWork }, onEdit);
  let [done, group] = [0, 0];
  let verify: (() => Promise<void>) | undefined;
  for await (const step of protocol.steps(options.cases, { seed, skip })) {
    throwIfCancelled(signal, editor.id);
    if (step.do === "edit") chain.push(step.cases);
    else if (step.do === "baseline") baseline = chain;
    else if (step.do === "restore") {
      chain = restored();
      group++;
    } else if (step.do === "confuse") await options.onConfuse?.(await makeView(), chain.key, chain.count);
    else {
      const asked = narrowed(step.case, protocol);
      const [now, earlier] = [chain, baseline];
      const states = { edits: now.key, ...(earlier && { baseline: earlier.key }) };
      const key = contentHash({ tested: "v2", ...states, case: portableCase(asked), ...scored }, 32);
      const stored = results?.get(key);
      const compute = async () => {
        verify ??= await watchBase(model, asked, signal);
        const edited = async () => {
          const view = await makeView(now);
          return { view, editing: now.editingOf(step.case) };
        };
        const unchanged = earlier && (() => makeView(earlier));
        const onProbe = (probe: number, of: number) => report(`${asked.question} (probe ${probe} of ${of})`);
        const computed = await testCase({
          model,
          base,
          case: asked,
          edited,
          unchanged,
          profiles,
          synonyms,
          signal,
          onProbe,
        });
        results?.put(key, computed);
        return computed;
      };
      const result = stored ?? (await compute());
      const place = protocol.suffix === "" ? {} : { group, edits: chain.count };
      done++;
      yield { result: { ...result, ...place }, reused: stored !== undefined };
    }
  }
  await verify?.();
}

const narrowed = (tested: EditCase, { includes }: Protocol): EditCase =>
  includes ? { ...tested, probes: tested.probes.filter(includes) } : tested;
