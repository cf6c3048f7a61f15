import { trainingBatches } from "../../kernels/editors/training-batches.ts";
import { groupsOf } from "../../kernels/evaluation/protocols/groups-of.ts";
import { leftPaddedSlice, medlasaSummary, sliceAccuracy } from "../../kernels/evaluation/scoring/medlasa.ts";
import { medrekEncoding } from "../../kernels/evaluation/scoring/medrek-encoding.ts";
import { medrekSummary, pooled, unitMeans, type UnitScores } from "../../kernels/evaluation/scoring/medrek-summary.ts";
import { maskedAccuracy } from "../../kernels/evaluation/scoring/masked-accuracy.ts";
import { numpyRandom } from "../../kernels/numpy-random.ts";
import { attempt, describeGolden } from "./golden-cases.ts";

interface Item {
  prompt_ids: number[];
  target_ids: number[];
  pred_before?: number[];
  pred_after: number[];
}
interface Sample {
  request: Item;
  generality: Record<string, Item[]>;
  locality: Record<string, Item[]>;
}
type Counts = [right: number, scored: number];
interface SampleCounts {
  request: Counts[];
  generality: Record<string, Counts[]>;
  locality: Record<string, Counts[]>;
}
interface Run {
  regime: "single" | "batch" | "sequential";
  batch_size?: number;
  load_shuffle?: boolean;
  load_seed?: number;
  batch_shuffle?: boolean;
  batch_seed?: number;
  discard_last?: boolean;
}
interface Evaluate {
  bos_id: number;
  pad_id: number;
  samples?: Sample[];
  samples_counts?: SampleCounts[];
  runs: Run[];
}

const each = <A, B>(kinds: Record<string, A[]>, score: (item: A) => B): Record<string, B[]> =>
  Object.fromEntries(Object.entries(kinds).map(([kind, items]) => [kind, items.map(score)]));

/** Accuracies of one sample: the predictions at the answer columns against the labels there, or against those before the edit. */
function scoresOf({ request, generality, locality }: Sample, bos: number, pad: number): UnitScores {
  const score = ({ prompt_ids, target_ids, pred_before, pred_after }: Item) => {
    const prompt = [bos, ...prompt_ids];
    const { y, mask } = medrekEncoding([prompt], [[...prompt, ...target_ids]], pad);
    const answers = y[0].flatMap((label, j) => (mask[0][j] ? [label] : []));
    return maskedAccuracy(pred_after, pred_before ?? answers);
  };
  return {
    reliability: { request: [score(request)] },
    generality: each(generality, score),
    locality: each(locality, score),
  };
}

function scoresOfCounts({ request, generality, locality }: SampleCounts): UnitScores {
  const score = ([right, scored]: Counts) =>
    maskedAccuracy(
      Array.from({ length: scored }, (_, i) => Number(i < right)),
      new Array<number>(scored).fill(1),
    );
  return {
    reliability: { request: request.map(score) },
    generality: each(generality, score),
    locality: each(locality, score),
  };
}

interface RunKind {
  form: "medrek" | "recipe";
  variant: "official" | "corrected";
}

const shuffled = (indices: number[], seed: number | undefined) =>
  seed === undefined ? indices : numpyRandom(seed).shuffle(indices);

async function evaluateRun(inputs: Evaluate, run: Run, { form, variant }: RunKind) {
  const samples =
    inputs.samples?.map((sample) => scoresOf(sample, inputs.bos_id, inputs.pad_id)) ??
    inputs.samples_counts!.map(scoresOfCounts);
  const order = shuffled([...samples.keys()], run.load_shuffle ? run.load_seed : undefined);
  // The published sequential protocol is called with an argument too few, and fails before it has scored anything.
  const broken = run.regime === "sequential" && variant === "official";
  if (broken) return { order_after_load: order, error: new TypeError("missing argument") };
  const size = run.regime === "single" ? 1 : run.batch_size!;
  const dropped = run.regime === "sequential" || (form === "recipe" && run.discard_last);
  const groups: number[][] = [];
  for await (const group of groupsOf(shuffled(order, run.batch_shuffle ? run.batch_seed : undefined), size))
    if (group.length === size || !dropped) groups.push(group);
  // In sequence every record is scored for itself; a batch is one unit.
  const units = run.regime === "sequential" ? groups.flat().map((i) => [i]) : groups;
  const pooledUnits = units.map((unit) => ({ scores: pooled(unit.map((i) => samples[i])), records: unit.length }));
  const weight = variant === "official" ? "equal" : "by-item";
  return {
    order_after_load: order,
    groups,
    units: pooledUnits.map(({ scores }) => {
      const means = unitMeans(scores);
      return Object.fromEntries(
        Object.entries(scores).map(([name, kinds]) => [name, { ...kinds, ...(means[name as never] as object) }]),
      );
    }),
    mean_results: {
      ...medrekSummary(pooledUnits, { form, weight }),
      ...(run.batch_size ? { batch_size: run.batch_size } : {}),
    },
  };
}

const evaluated = (kind: RunKind) => async (inputs: Evaluate) => ({
  runs: await Promise.all(inputs.runs.map((run) => attempt(() => evaluateRun(inputs, run, kind)))),
});

interface Rows {
  bos_id: number;
  pad_id: number;
  prompt_ids: number[][];
  target_ids: number[][];
}

describeGolden(
  "medrek-evaluator.json",
  {
    x_y_mask: {
      official: ({ bos_id, pad_id, prompt_ids, target_ids }: Rows) => {
        const prompts = prompt_ids.map((ids) => [bos_id, ...ids]);
        const whole = prompts.map((ids, i) => [...ids, ...target_ids[i]]);
        const { x, y, mask } = medrekEncoding(prompts, whole, pad_id);
        return { input_ids: x, prompt_ids_with_bos: prompts, label_ids: y, masks: mask };
      },
    },
    evaluate: {
      official: evaluated({ form: "medrek", variant: "official" }),
      corrected: evaluated({ form: "medrek", variant: "corrected" }),
    },
    evaluate_recipe: { official: evaluated({ form: "recipe", variant: "official" }) },
    "medlasa.metrics": {
      official: ({
        metrics,
      }: {
        metrics: { rewrite_acc: number[]; rephrase_acc: number[]; locality: Record<string, number[]> }[];
      }) => {
        const summary = medlasaSummary(
          metrics.map(({ rewrite_acc, rephrase_acc, locality }) => ({
            rewrite: rewrite_acc,
            rephrase: rephrase_acc,
            locality,
          })),
        );
        const values = {
          rewrite_acc: summary.rewrite,
          rephrase_acc: summary.rephrase,
          ...summary.locality,
          avg: summary.avg,
        };
        return { values, rounded: Object.values(values).map((value) => Number(value.toFixed(2))) };
      },
    },
    "medlasa.prediction_acc": {
      official: ({
        target_ids,
        argmax_before,
        argmax_after,
      }: Rows & { argmax_before: number[][]; argmax_after: number[][] }) => {
        const slice = (all: number[][]) => all.map((row, i) => leftPaddedSlice(row, target_ids[i].length));
        const [before, after] = [slice(argmax_before), slice(argmax_after)];
        return {
          accuracy: after.map((ids, i) => sliceAccuracy(ids, target_ids[i])),
          locality_ids_before: before,
          locality_ids_after: after,
          locality: after.map((ids, i) => sliceAccuracy(ids, before[i])),
        };
      },
    },
    "rng.shuffle": {
      official: ({ n, seed, pcg64 }: { n: number; seed: number; pcg64: { state: string; inc: string } }) => {
        const { state, inc } = numpyRandom(seed).state;
        if (`${state}` !== pcg64.state || `${inc}` !== pcg64.inc) throw new Error(`state ${state}, increment ${inc}`);
        return { order: numpyRandom(seed).shuffle([...Array(n).keys()]) };
      },
    },
    "rng.draws": {
      official: ({ seed, choice_n, integers_k }: { seed: number; choice_n: number; integers_k: number[] }) => {
        const one = numpyRandom(seed);
        const mixed = numpyRandom(seed);
        return {
          choice: numpyRandom(seed).choice([0, 1], choice_n),
          integers: integers_k.flatMap((k) => one.integers(k, 1)),
          mixed: {
            shuffle_9: mixed.shuffle([...Array(9).keys()]),
            choice_5: mixed.choice([0, 1], 5),
            integers_4: mixed.integers(4, 3),
          },
        };
      },
    },
    "rng.training_batches": {
      official: (inputs: { sample_count: number; batch_size: number; seed: number; epochs: number }) => ({
        epochs: trainingBatches(inputs.sample_count, inputs.batch_size, inputs.seed, inputs.epochs),
      }),
    },
  },
  {
    omitted: (units) => Array.isArray(units),
    "one sample per group, in order_after_load": (groups, { order_after_load }) =>
      JSON.stringify((groups as number[][]).flat()) === JSON.stringify(order_after_load) &&
      (groups as number[][]).every((group) => group.length === 1),
  },
);
