import { throwIfCancelled } from "../../errors.ts";
import type { Tensor } from "../../tensor.ts";
import type { EarlyStopOptions } from "../optimisers/early-stop.ts";
import { earlyStop } from "../optimisers/early-stop.ts";
import { schedule } from "../optimisers/schedule.ts";
import type { ScheduleOptions } from "../optimisers/schedule.ts";
import type { Runtime } from "../runtime.ts";
import { CheckpointError, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { minibatch, stepsPerEpoch } from "./minibatches.ts";
import { compileTraining } from "./training-program.ts";
import { updateRule } from "./update-rule.ts";
import type { TrainingProgramOptions, TrainingValues } from "./training-program.ts";

/** Items that are drawn in seeded order, or batches that come in an order of their own. */
export type TrainingData<T> =
  | { items: readonly T[]; collate: (items: T[]) => Record<string, Tensor> }
  /** Batches as feeds. A resumed run skips those that were used before. */
  | { batches: () => AsyncIterable<Record<string, Tensor>> }
  /** Batch number `step` (from 0) as feeds, the same whenever it is asked for. The next one is asked for while a step runs. */
  | { at: (step: number) => Promise<Record<string, Tensor>> };

export interface TrainingProgress {
  /** Steps taken, from 1. */
  step: number;
  loss: number;
  /** Step size. */
  lr: number;
  /** Euclidean norm of all gradients, before scaling. */
  gradNorm: number;
  /** Rows with a loss (those of `loss_weights`, padding included) per second of this step. */
  tokensPerSecond: number;
}

export interface TrainOptions<T> extends TrainingProgramOptions {
  data: TrainingData<T>;
  /** Steps to take, those of a resumed run included. Give this or epochs; without either, one epoch or all batches. */
  steps?: number;
  epochs?: number;
  /** Default 32. */
  batchSize?: number;
  /** Order of the items. Default 0. */
  seed?: number;
  /** Default: constant. */
  schedule?: ScheduleOptions;
  /** Ends the run early; a resumed run counts its patience anew. Default: never. */
  stop?: EarlyStopOptions;
  signal?: AbortSignal;
  onProgress?: (progress: TrainingProgress) => void;
  /** Saves everything every `every` steps and at the end, and continues from what the folder holds. */
  checkpoint?: { folder: string; every: number };
}

export interface TrainingResult {
  /** Trained weights by name. */
  parameters: TrainingValues;
  /** Loss of every step that this call took. */
  losses: number[];
  /** Steps taken in all. */
  steps: number;
}

/**
 * Trains weights of a model. The same seed gives the same weights, bit for bit on the same machine, whether or not the run was
 * stopped and resumed in between.
 *
 * Throws: CancelledError as soon as the signal is raised; CheckpointError when the folder's checkpoint has other settings.
 */
export async function train<T>(runtime: Runtime, options: TrainOptions<T>): Promise<TrainingResult> {
  const { data, batchSize = 32, seed = 0, checkpoint, signal, parameters } = options;
  const perEpoch = "items" in data ? stepsPerEpoch(data.items.length, batchSize) : Infinity;
  const steps = options.steps ?? (options.epochs ?? 1) * perEpoch;
  const settings = {
    parameters: [...parameters],
    optimiser: options.optimiser,
    // Optimisers that keep other numbers cannot go on from these.
    slots: updateRule(options.optimiser).slots,
    clip: options.clip ?? {},
    schedule: options.schedule ?? { kind: "constant" },
    batchSize,
    seed,
  };
  const program = await compileTraining(runtime, options);
  try {
    const saved = checkpoint && (await readCheckpoint(checkpoint.folder));
    if (saved && JSON.stringify(saved.settings) !== JSON.stringify(settings))
      throw new CheckpointError(
        `${checkpoint.folder}: the checkpoint belongs to a run with other settings, or its optimiser kept other numbers in an earlier version. Use another folder, or the same settings.`,
      );
    if (saved) await program.restore(saved.values);
    let done = saved?.step ?? 0;
    const save = async () => checkpoint && writeCheckpoint(checkpoint.folder, { step: done, settings, values: await program.values() }); // prettier-ignore
    const losses: number[] = [];
    const stop = earlyStop(options.stop ?? {});
    for await (const feeds of batches(data, done, steps, batchSize, seed)) {
      throwIfCancelled(signal, `training, step ${done + 1}${Number.isFinite(steps) ? ` of ${steps}` : ""}`);
      const lr = options.optimiser.lr * schedule(settings.schedule as ScheduleOptions, done);
      const started = performance.now();
      const { loss, gradNorm } = await program.step(feeds, done + 1, lr, signal);
      const seconds = (performance.now() - started) / 1000;
      done++;
      losses.push(loss);
      const tokens = (feeds.loss_weights ?? Object.values(feeds)[0]).data.length;
      options.onProgress?.({ step: done, loss, lr, gradNorm, tokensPerSecond: tokens / seconds });
      if (checkpoint && done % checkpoint.every === 0) await save();
      if (stop(loss)) break;
    }
    if (checkpoint && done % checkpoint.every !== 0) await save();
    const values = await program.values();
    return { parameters: Object.fromEntries(parameters.map((name) => [name, values[name]])), losses, steps: done };
  } finally {
    await program.release();
  }
}

async function* batches<T>(data: TrainingData<T>, from: number, to: number, batchSize: number, seed: number) {
  if ("items" in data) {
    for (let step = from; step < to; step++)
      yield data.collate(minibatch(data.items.length, batchSize, seed, step).map((i) => data.items[i]));
    return;
  }
  if (from >= to) return;
  if ("at" in data) {
    let next = data.at(from);
    for (let step = from; step < to; step++) {
      const feeds = await next;
      if (step + 1 < to) {
        next = data.at(step + 1);
        // Reported when it is awaited; a run that ends before that does not need it.
        next.catch(() => {});
      }
      yield feeds;
    }
    return;
  }
  let step = 0;
  for await (const feeds of data.batches()) {
    if (step++ >= from) yield feeds;
    if (step >= to) return;
  }
}
