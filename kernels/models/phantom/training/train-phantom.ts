import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../../errors.ts";
import type { BuiltModel } from "../../../onnx/build/index.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { compileTraining } from "../../../runtime/training/index.ts";
import { train } from "../../../runtime/training/train.ts";
import type { Tensor } from "../../../tensor.ts";
import { VOCABULARY_SIZE } from "../tokenizer/tokenizer-files.ts";
import { alignedProjector } from "../network/aligned-projector.ts";
import { languageStage, visionStage } from "../network/training-graphs.ts";
import { Batches } from "./batches.ts";
import { BlockEncoder } from "./block-encoder.ts";
import { DENSE_CLASSES } from "./dense-targets.ts";
import { DENSE_SHARE, ROUNDS, SETTINGS, stageOf, TEXT_TOKENS } from "./settings.ts";
import type { Round } from "./settings.ts";

/** Cause: a training folder belongs to a run with another seed. Handled by: the user, who names another folder. */
export class TrainingPlanError extends UserFacingError {}

export interface TrainPhantomOptions {
  /** Checkpoints and the plan; a run that was stopped goes on from here. */
  folder: string;
  seed: number;
  /** Wall time to aim at on this machine. Default: the steps of a full run, however long they take. */
  minutes?: number;
  /** Steps of each round, in place of a full run's. */
  steps?: Record<Round, number>;
  signal?: AbortSignal;
  /** Called with every step. */
  onStep?: (progress: StepProgress) => void;
}

export interface StepProgress {
  stage: Round;
  step: number;
  steps: number;
  loss: number;
  lr: number;
  gradNorm: number;
}

type Plan = { seed: number; steps: Record<Round, number> };

/** Trained weights by name, those of the dense head included. */
export type PhantomWeights = Record<string, Tensor>;

const EVERY = 250;

/**
 * Trains the phantom model from nothing, in rounds: the encoder learns to say what is where, then all learns to answer, and goes on with a
 * warm restart. The same
 * seed and steps give the same weights, stopped and resumed or not, on one machine.
 *
 * Throws: TrainingPlanError; CancelledError, after which the folder holds what was reached at the last checkpoint.
 */
export async function trainPhantom(runtime: Runtime, options: TrainPhantomOptions): Promise<PhantomWeights> {
  const { folder, seed, signal } = options;
  await mkdir(folder, { recursive: true });
  const batches = new Batches({
    seed,
    batch: { vision: SETTINGS.vision.batch, language: SETTINGS.language.batch },
    text: TEXT_TOKENS,
  });
  try {
    const builders = {
      vision: () => visionStage({ seed }),
      language: (weights: ReadonlyMap<string, Tensor>) =>
        languageStage(VOCABULARY_SIZE, TEXT_TOKENS, DENSE_SHARE, { seed, weights }),
    };
    const plan = await planOf(options, () => measureSteps(runtime, batches, builders, options.minutes!));
    const run = (stage: Round, { model, parameters }: BuiltModel) => {
      const { batch, optimiser, warmup, floor } = SETTINGS[stage];
      const steps = plan.steps[stage];
      return train(runtime, {
        model,
        parameters: [...parameters.keys()],
        optimiser,
        clip: { norm: 1 },
        data: { at: (step) => batches.at(stageOf(stage), step + (stage === "again" ? plan.steps.language : 0)) },
        steps,
        batchSize: batch,
        seed,
        schedule: { kind: "cosine", steps, warmup: Math.min(warmup, Math.ceil(steps / 10)), floor },
        checkpoint: { folder: join(folder, stage), every: EVERY },
        signal,
        onProgress: ({ step, loss, lr, gradNorm }) => options.onStep?.({ stage, step, steps, loss, lr, gradNorm }),
      });
    };
    const seen = await run("vision", builders.vision());
    const known = await run("language", builders.language(alignedStart(seen.parameters, seed)));
    const better = await run("again", builders.language(new Map(Object.entries(known.parameters))));
    return better.parameters;
  } finally {
    await batches.close();
  }
}

/** Weights that the second stage begins with: the encoder's, and a projector that speaks the decoder's words. */
function alignedStart(seen: PhantomWeights, seed: number): ReadonlyMap<string, Tensor> {
  const { parameters } = languageStage(VOCABULARY_SIZE, TEXT_TOKENS, DENSE_SHARE, { seed });
  const encoder = new BlockEncoder();
  const head = { weight: seen["dense_head.weight"], bias: seen["dense_head.bias"] };
  // As the names stand in questions, behind a blank.
  const names = DENSE_CLASSES.map((name) => encoder.encode(` ${name}`));
  const [weight, bias] = ["multi_modal_projector.linear.weight", "multi_modal_projector.linear.bias"];
  const projector = alignedProjector(
    head,
    parameters.get("model.embed_tokens.weight")!,
    names,
    parameters.get(weight)!,
  );
  return new Map(Object.entries({ ...seen, [weight]: projector.weight, [bias]: projector.bias }));
}

/** The plan that the folder was begun with, or a new one. */
async function planOf(
  { folder, seed, minutes, steps: given }: TrainPhantomOptions,
  measure: () => Promise<Plan["steps"]>,
): Promise<Plan> {
  const file = join(folder, "plan.json");
  const saved = await readFile(file, "utf8").catch(() => undefined);
  if (saved) {
    const plan = JSON.parse(saved) as Plan;
    if (plan.seed === seed) return plan;
    throw new TrainingPlanError(
      `${folder}: the training in it began with seed ${plan.seed}, not ${seed}. Use that seed, or another folder with --work.`,
    );
  }
  const full = Object.fromEntries(ROUNDS.map((round) => [round, SETTINGS[round].steps])) as Plan["steps"];
  const steps = given ?? (minutes === undefined ? full : await measure());
  const plan = { seed, steps };
  await writeFile(file, JSON.stringify(plan) + "\n");
  return plan;
}

const [WARM, MEASURED] = [2, 6];

/** Steps that fit into the minutes, in the proportion of a full run; the first steps of each stage are timed and thrown away. */
async function measureSteps(
  runtime: Runtime,
  batches: Batches,
  builders: { vision: () => BuiltModel; language: (weights: ReadonlyMap<string, Tensor>) => BuiltModel },
  minutes: number,
): Promise<Plan["steps"]> {
  const seconds = { vision: 0, language: 0 };
  for (const stage of ["vision", "language"] as const) {
    const { model, parameters } = builders[stage](new Map());
    const { optimiser } = SETTINGS[stage];
    const program = await compileTraining(runtime, { model, parameters: [...parameters.keys()], optimiser });
    let started = 0;
    for (let step = 0; step < WARM + MEASURED; step++) {
      if (step === WARM) started = performance.now();
      await program.step(await batches.at(stage, step), step + 1, optimiser.lr);
    }
    seconds[stage] = (performance.now() - started) / 1000 / MEASURED;
    await program.release();
  }
  const full = ROUNDS.reduce((sum, round) => sum + seconds[stageOf(round)] * SETTINGS[round].steps, 0);
  const share = (minutes * 60) / full;
  const scaled = ROUNDS.map((round) => [round, Math.max(20, Math.round(SETTINGS[round].steps * share))]);
  return Object.fromEntries(scaled) as Plan["steps"];
}
