import { COUNTERFACTUAL_NOTICE, type EditCase } from "../../datasets/case.ts";
import type { ReasonCount } from "../../datasets/reason-count.ts";
import type { Editor } from "../editors/editor.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { contentHash, portableCase } from "./content-hash.ts";
import { medkeVersion } from "./medke-version.ts";
import { evaluateSingle, type Progress, type SingleOptions } from "./protocols/single.ts";
import { resultRows } from "./result-rows.ts";
import type { CaseResult, Evaluation } from "./result.ts";

export interface EvaluateOptions extends SingleOptions {
  cases: readonly EditCase[];
  /** What the reader left out; it is carried into the document. */
  skipped?: readonly ReasonCount[];
  /** Digest of the model's files, so that the run's id changes with them. Default: the model's own, where it has one. */
  modelDigest?: string;
  onProgress?: Progress;
}

/**
 * Evaluates an editor on some cases with the single-edit protocol and makes the result document.
 *
 * Deterministic but for times: `withoutTimes` of two runs of one plan is equal, and so is `run.id`.
 * Throws: what `evaluateSingle` throws.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { model, editor, cases, seed = 0, skipped, corpus = cases } = options;
  const started = new Date();
  const results = await evaluateSingle(options);
  const modelDigest = options.modelDigest ?? (await model.digest?.());
  return toEvaluation({ model, modelDigest, editor, cases, corpus, seed, started, results, skipped });
}

export interface RunIdentity {
  model: Pick<EditableModel, "id" | "device" | "edits">;
  modelDigest?: string;
  editor: Pick<Editor, "id" | "options" | "needs">;
  cases: readonly EditCase[];
  corpus: readonly EditCase[];
  seed: number;
}

/** Name of a run, made from everything that determines its numbers: 16 hexadecimal digits. */
export const runId = ({ model, modelDigest, editor, cases, corpus, seed }: RunIdentity): string =>
  contentHash({
    protocol: "single/v1",
    medke: medkeVersion,
    model: { id: model.id, digest: modelDigest, device: model.device.device, edits: model.edits.map(({ id }) => id) },
    editor: editor.id,
    options: editor.options,
    seed,
    cases: cases.map(portableCase),
    corpus: editor.needs.includes("corpus") ? corpus.map(portableCase) : undefined,
  });

/** Makes the result document of a run from its finished cases. */
export function toEvaluation(
  run: RunIdentity & { started: Date; results: readonly CaseResult[]; skipped?: readonly ReasonCount[] },
): Evaluation {
  const { model, editor, cases, seed, started, results, skipped = [] } = run;
  const seconds = (Date.now() - started.getTime()) / 1000;
  return {
    run: { id: runId(run), started: started.toISOString(), seconds, medke: medkeVersion, node: process.version },
    model: model.id,
    editor: editor.id,
    benchmark: benchmarkOf(cases),
    protocol: "single",
    seed,
    device: model.device,
    rows: resultRows(results, seed),
    cases: [...results],
    skipped: [...skipped],
    notice: COUNTERFACTUAL_NOTICE,
  };
}

/** The benchmarks that the cases come from, such as "vqa-rad". */
const benchmarkOf = (cases: readonly EditCase[]): string =>
  [...new Set(cases.map(({ benchmark }) => benchmark))].join(" + ");
