import type { ConfusionPair } from "../../../datasets/confusion-pair.ts";
import { throwIfCancelled } from "../../errors.ts";
import { currentHost } from "../../host.ts";
import { contentHash } from "../content-hash.ts";
import { EmptySetError } from "../empty-set-error.ts";
import { medkeVersion } from "../medke-version.ts";
import { askInMode, type AskOptions } from "./ask-in-mode.ts";
import { confusionBaselines } from "./baselines.ts";
import { confusionRows } from "./confusion-rows.ts";
import type { ConfusionModel } from "./modes/mode.ts";
import type { ConfusionEvaluation, ConfusionPairResult } from "./result.ts";

export interface ConfusionOptions extends AskOptions {
  /** Drives the intervals. Default 0. */
  seed?: number;
  /** Default: that of the running notebook cell. */
  signal?: AbortSignal;
  /** Called before the first pair and after every pair. Default: the progress line of the running notebook cell. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Asks a model, or a view of it with edits in force, about both images of every pair and scores the choices.
 *
 * Each image is asked about on its own, with the same prompt and no memory of the other (`pairAware: false`); options keep their order.
 * Only image, question and options reach the model: captions and drafts contain the answers.
 * Deterministic but for times. Throws: EmptySetError without pairs; CancelledError; what the mode and the model throw.
 * Source: MediConfusion (arXiv 2409.15477); the published defects are in variant "official", "corrected" mends them.
 * Example: const { rows } = await evaluateConfusion(model.with(edit), pairs, { mode: "ps" });
 */
export async function evaluateConfusion(
  model: ConfusionModel,
  pairs: readonly ConfusionPair[],
  options: ConfusionOptions,
): Promise<ConfusionEvaluation> {
  if (pairs.length === 0)
    throw new EmptySetError(
      `${model.id}: there is no confusion pair to ask about. Raise the limit, or see what the reader skipped.`,
    );
  const { seed = 0, signal = currentHost()?.signal } = options;
  const { ask, settings } = askInMode(model, options);
  const label = `${settings.mode}: confusion pairs`;
  const report = options.onProgress ?? ((done, total) => currentHost()?.progress(label, done, total));
  const started = new Date();
  const results: ConfusionPairResult[] = [];
  for (const pair of pairs) {
    report(results.length, pairs.length);
    throwIfCancelled(signal, label);
    const { question, options: texts } = pair;
    const asked = { question, options: texts };
    const one = await ask(pair.images[0], asked, signal);
    const two = await ask(pair.images[1], asked, signal);
    results.push({
      id: pair.id,
      cluster: pair.cluster,
      question,
      images: [pair.images[0].id, pair.images[1].id],
      categories: pair.categories,
      answers: pair.answers,
      choices: [one.choice, two.choice],
      scores: [one.scores, two.scores],
      ...(one.reply !== undefined && two.reply !== undefined && { replies: [one.reply, two.reply] }),
    });
  }
  report(results.length, pairs.length);
  const benchmark = [...new Set(pairs.map((pair) => pair.benchmark))].join(" + ");
  const comparable_group = groupOf(benchmark, settings);
  const identity = {
    model: model.id,
    digest: await model.digest?.(),
    edits: model.edits.map(({ id }) => id),
    ...settings,
  };
  const asked = pairs.map(({ id, images, question, options }) => [
    id,
    images.map((image) => image.id),
    question,
    options,
  ]);
  const id = contentHash({
    kind: "confusion/v1",
    medke: medkeVersion,
    ...identity,
    device: model.device.device,
    seed,
    asked,
  });
  return {
    run: {
      id,
      started: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1000,
      medke: medkeVersion,
      node: process.version,
    },
    model: model.id,
    edits: identity.edits,
    benchmark,
    ...settings,
    pairAware: false,
    comparable_group,
    seed,
    device: model.device,
    rows: confusionRows(results, { comparable_group, seed }),
    baselines: confusionBaselines(pairs),
    pairs: results,
  };
}

/** What a number may be compared with. Free form without a judge is a mode of its own. */
const groupOf = (benchmark: string, { mode, variant, matching }: ReturnType<typeof askInMode>["settings"]): string =>
  `pairs.${benchmark.replaceAll("/", "-")}.${matching === "match" ? "ff-match" : mode}.${variant}.independent`;
