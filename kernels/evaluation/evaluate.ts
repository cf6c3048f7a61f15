import type { EditCase } from "../../datasets/case.ts";
import type { ReasonCount } from "../../datasets/reason-count.ts";
import type { Editor } from "../editors/editor.ts";
import { defaultStatistics } from "../editors/statistics/default-statistics.ts";
import type { StatisticsSource } from "../editors/statistics-source.ts";
import { CancelledError } from "../errors.ts";
import { type ConfusionPlan, confuseEdited } from "./confusion/confuse-edited.ts";
import type { ConfusionEvaluation } from "./confusion/result.ts";
import { currentHost } from "../host.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { EmptySetError } from "./empty-set-error.ts";
import { EvaluationBuilder } from "./evaluation-builder.ts";
import { EvaluationCancelledError } from "./evaluation-cancelled-error.ts";
import type { Kept } from "./kept.ts";
import type { Observation } from "./observe-probe.ts";
import { collected } from "./protocols/groups-of.ts";
import { protocolNamed, requireTakes } from "./protocols/index.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { ProtocolError } from "./protocols/protocol-error.ts";
import { type Progress, runProtocol } from "./protocols/run-protocol.ts";
import { DEFAULT_PROFILES, profileNamed } from "./profiles/index.ts";
import type { CaseResult, Evaluation } from "./result.ts";

/** Cases in memory, or read one after another (a `Reading`, whose `skipped` then goes into the document). */
export type CaseSource =
  readonly EditCase[] | (AsyncIterable<EditCase> & { readonly skipped?: readonly ReasonCount[] });

export interface EvaluateOptions {
  /** The base model; a view with edits in force is accepted and is then the base. */
  model: EditableModel;
  editor: Editor;
  cases: CaseSource;
  /**
   * Order of edits and probes: "single" (default), "single:official", "batch:N", "batch:N:official", "batch:N:recipe", "sequential", "sequential:A,B,...",
   * "gap:G", "group:N", "edit-onehop", "edit-onehop:image", "edit-then-confuse", "edit-then-confuse:batch".
   */
  protocol?: string;
  /** Of edit-then-confuse: the pairs, and how they are asked. */
  confusion?: ConfusionPlan;
  /** Most cases that are tested; what a protocol reads beyond them, it says. Default: all. */
  limit?: number;
  /** Scoring profiles that get rows: `tf-token` and `gen-exact` unless said otherwise. `PROFILE_NAMES` lists all. */
  profiles?: readonly string[];
  /** Groups of answers that mean the same, for `gen-semantic`. */
  synonyms?: readonly (readonly string[])[];
  /** Seed of everything random in the editor, of the official order, and of the intervals. Default 0. */
  seed?: number;
  /** Where in-context editors take demonstrations. Default: the evaluated cases; an editor never uses the edited one. */
  corpus?: readonly EditCase[];
  /**
   * Second moments of keys, for editors that take them. Default: gathered when they are first needed, over the phantom model's training
   * questions, for another model over what it knew of `corpus`; without either, editors take the identity and their provenance says so.
   */
  statistics?: StatisticsSource;
  /** What the reader left out; it is carried into the document. */
  skipped?: readonly ReasonCount[];
  /** Whether the cases are about the phantom world, such as those of an export. Default: their benchmark's name says so. */
  phantomWorld?: boolean;
  /** Digest of the model's files, so that the run's id changes with them. Default: the model's own, where it has one. */
  modelDigest?: string;
  /** Whether the document holds every probe of every case. Default true; false keeps memory flat however many cases there are. */
  details?: boolean;
  /** Called with every finished case as it comes. */
  onCase?: (result: CaseResult, reused: boolean) => void;
  /** Default: the progress line of the running notebook cell. */
  onProgress?: Progress;
  /** Default: that of the running notebook cell. */
  signal?: AbortSignal;
  /** Results and base observations that are kept elsewhere, such as the store of a run. */
  results?: Kept<CaseResult>;
  observations?: Kept<Observation>;
  confusions?: Kept<ConfusionEvaluation>;
}

/**
 * Evaluates an editor on some cases with a protocol and makes the result document.
 *
 * Deterministic but for times: `withoutTimes` of two runs of one plan is equal, and so is `run.id`. Cases are read as they are needed, and
 * without `details` only eight bytes a number stay of each finished one. (An editor that takes demonstrations or statistics from the
 * evaluated cases needs them all; `sequential` and the official batches hold the cases too.)
 * Throws: UnknownNameError for protocol and profiles; ProtocolError; ProfileNeedsError; EmptySetError without cases; EvaluationCancelledError with what was
 * finished; BaseModelChangedError; what model, editor and reader throw.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { model, editor, seed = 0, limit, details = true } = options;
  const protocol = protocolNamed(options.protocol ?? "single");
  requireTakes(editor, protocol);
  const chosen = [...new Set(options.profiles ?? DEFAULT_PROFILES)].map(profileNamed);
  const profiles = chosen.filter(({ name }) => !DEFAULT_PROFILES.includes(name));
  requirePairs(options, protocol);
  const most = limit === undefined ? Infinity : protocol.reads(limit);
  const inMemory = await heldCases(options, most);
  const corpus = options.corpus ?? inMemory ?? [];
  const modelDigest = options.modelDigest ?? (await model.digest?.());
  const statistics = options.statistics ?? defaultStatistics(editor, model, corpus, (detail) => report(detail));
  const builder = new EvaluationBuilder(
    { model, modelDigest, editor, corpus, statistics: statistics?.digest, statisticsName: statistics?.name, seed },
    protocol,
    details,
    chosen.map(({ name }) => name),
    options.phantomWorld,
  );
  const expected = inMemory?.length ?? (limit === undefined ? 0 : most);
  const total = protocol.tests(expected);
  requireTests(editor, model, protocol, inMemory);

  const signal = options.signal ?? currentHost()?.signal;
  const onProgress =
    options.onProgress ??
    ((done, all, detail) => currentHost()?.progress(`${editor.id}: ${protocol.id} edits`, done, all, detail));
  const report = (detail: string) => onProgress(builder.tested, total, detail);
  const cases = watched(inMemory ?? (options.cases as AsyncIterable<EditCase>), most, (each) => builder.addCase(each));
  const skipped = () => [...(options.skipped ?? []), ...(("skipped" in options.cases && options.cases.skipped) || [])];
  try {
    const onSkip = (reason: string) => builder.addSkipped(reason);
    const onConfuse = async (view: EditableModel, state: string, edits: number) => {
      const report = (done: number, all: number) => onProgress(builder.tested, total, `pair ${done + 1} of ${all}`);
      const asked = { seed, signal, kept: options.confusions, onProgress: report };
      builder.addConfusion(edits, await confuseEdited(view, state, options.confusion!, asked));
    };
    const run = {
      ...options,
      profiles,
      modelDigest,
      protocol,
      cases,
      seed,
      corpus,
      statistics,
      signal,
      total,
      onProgress,
      onSkip,
      onConfuse,
    };
    for await (const { result, reused } of runProtocol(run)) {
      builder.addResult(result);
      options.onCase?.(result, reused);
    }
    onProgress(builder.tested, builder.tested);
  } catch (cause) {
    if (!(cause instanceof CancelledError) && !signal?.aborted) throw cause;
    const of = Math.max(total, builder.tested);
    // A test is a case tested once, which most protocols do.
    const [one, many] = protocol.tests(expected) === expected ? ["case", "cases"] : ["test", "tests"];
    const message =
      `${editor.id} on ${model.id}: stopped ` +
      (builder.tested
        ? `after ${builder.tested} of ${of || "all"} ${many}, none of which is kept. Run it again to start over; with a folder that keeps them ` +
          `(medke evaluate --store DIR, or runPlan) it would go on from there.`
        : `before a ${one} was finished. Run it again to start over.`);
    const evaluation = builder.tested ? builder.document({ skipped: skipped(), partial: { of } }) : undefined;
    throw new EvaluationCancelledError(message, { finished: builder.cases, evaluation, cause });
  }
  if (builder.tested === 0) throw nothingTested(editor, model, protocol, builder.read, builder.untested);
  return builder.document({ skipped: skipped() });
}

function requirePairs({ confusion }: EvaluateOptions, { id, asksPairs }: Protocol): void {
  if (asksPairs && !confusion)
    throw new ProtocolError(
      `protocol "${id}" asks confusion pairs before and after the edits. Pass them, for example confusion: { pairs, mode: "ps" }.`,
    );
}

/** The cases as a list where they are one, or where the editor takes demonstrations or statistics from them. */
async function heldCases(
  { model, cases, editor, corpus, statistics }: EvaluateOptions,
  most: number,
): Promise<EditCase[] | undefined> {
  if (Symbol.iterator in cases) return cases.slice(0, most);
  const gathers = editor.needs.includes("statistics") && statistics === undefined && model.id !== "phantom";
  const chooses = (editor.needs.includes("corpus") || gathers) && corpus === undefined;
  return chooses ? collected(watched(cases, most, () => {})) : undefined;
}

/** The first `most` cases, each shown to `see` as it is read. Reads no further than it must. */
async function* watched(
  cases: AsyncIterable<EditCase> | Iterable<EditCase>,
  most: number,
  see: (each: EditCase) => void,
): AsyncGenerator<EditCase> {
  let read = 0;
  for await (const each of cases) {
    see(each);
    yield each;
    if (++read >= most) return;
  }
}

function requireTests(editor: Editor, model: EditableModel, protocol: Protocol, cases: EditCase[] | undefined): void {
  if (cases && protocol.tests(cases.length) === 0) throw nothingTested(editor, model, protocol, cases.length);
}

function nothingTested(
  { id }: Editor,
  model: EditableModel,
  protocol: Protocol,
  read: number,
  untested: readonly ReasonCount[] = [],
): Error {
  if (read === 0)
    return new EmptySetError(
      `${id} on ${model.id}: there is no case to evaluate. Raise the limit, or see what the reader skipped.`,
    );
  if (protocol.tests(read) > 0) {
    const why = untested.map(({ reason, count }) => `${count}: ${reason}`).join("; ");
    return new ProtocolError(
      `protocol "${protocol.id}": none of ${read} cases can be tested (${why}). Take another benchmark, split or protocol.`,
    );
  }
  return new ProtocolError(
    `protocol "${protocol.id}": ${read} cases are too few for one test; it reads ${protocol.reads(1)} or more. Raise the limit, or take a smaller number.`,
  );
}
