import { Matrix } from "ml-matrix";
import { alphaEditUpdate } from "../../kernels/editors/closed-forms/alphaedit.ts";
import { emmetUpdate } from "../../kernels/editors/closed-forms/emmet.ts";
import { addKeys, emptyGram, gramMatrix } from "../../kernels/editors/closed-forms/key-gram.ts";
import { memitUpdate } from "../../kernels/editors/closed-forms/memit.ts";
import { factorMoment } from "../../kernels/editors/closed-forms/moment-factor.ts";
import { nullSpace } from "../../kernels/editors/closed-forms/null-space.ts";
import { optimiseValue } from "../../kernels/editors/closed-forms/optimise-value.ts";
import { pmetUpdate } from "../../kernels/editors/closed-forms/pmet.ts";
import { romeUpdate, type RomeInputs } from "../../kernels/editors/closed-forms/rome.ts";
import { secondMoment } from "../../kernels/editors/closed-forms/second-moment.ts";
import { spreadResiduals } from "../../kernels/editors/closed-forms/spread-residuals.ts";
import { matrixOf } from "../../kernels/editors/closed-forms/tensor-matrix.ts";
import { float32 } from "../../kernels/tensor.ts";
import { describeGolden } from "./golden-cases.ts";
import { double, storedAs, tensor, written, type Layout, type Rows } from "./golden-tensors.ts";
import { readoutObjective, type ReadoutCase } from "./readout-objective.ts";

type Variant = "official" | "corrected";
const vector = (values: number[]) => float32(values, [values.length]);

interface RomeCase extends Layout {
  context_keys: Rows;
  delta: number[];
  value_at_first_lookup: number[];
  mom2_adjustment: boolean;
  second_moment?: Rows;
  prompt_key?: number[];
  prompt_output?: number[];
  prefix_inputs?: Rows;
  prefix_outputs?: Rows;
  enable_prompt_keys?: boolean;
}

const rankOne = (inputs: RomeCase, given: Omit<RomeInputs, "factor" | "storedAs">) => {
  const factor = inputs.mom2_adjustment ? factorMoment(double(inputs.second_moment!)) : undefined;
  const complete = { ...given, factor, storedAs: storedAs(inputs) };
  // The vectors are the same in both variants; what differs is which way round the weight takes them.
  const { a, b } = romeUpdate({ ...complete, variant: "corrected" });
  return {
    left_vector: [...a.data],
    right_vector: [...b.data],
    delta_weight: written(romeUpdate(complete), inputs),
  };
};
const sum = (a: number[], b: number[]) => vector(a.map((value, i) => value + b[i]));

const rome = (variant: Variant) => (inputs: RomeCase) =>
  rankOne(inputs, {
    directionKeys: tensor(inputs.context_keys),
    keys: tensor([inputs.prompt_key!]),
    outputs: tensor([inputs.prompt_output!]),
    target: sum(inputs.value_at_first_lookup, inputs.delta),
    variant,
  });

/**
 * The released R-ROME reads its keys twice, and these cases give each reading numbers of its own: for the direction the context keys, of
 * which the plain prompt's is the first. Its target starts from the output that it subtracts.
 */
const rRome = (inputs: RomeCase) => {
  const prefixed = inputs.prefix_inputs !== undefined;
  return rankOne(inputs, {
    directionKeys: tensor(inputs.enable_prompt_keys ? inputs.context_keys.slice(0, 1) : inputs.context_keys),
    keys: tensor(prefixed ? inputs.prefix_inputs! : [inputs.prompt_key!]),
    outputs: tensor(prefixed ? inputs.prefix_outputs! : [inputs.prompt_output!]),
    target: sum(prefixed ? inputs.value_at_first_lookup : inputs.prompt_output!, inputs.delta),
    variant: "official",
  });
};

interface ValueCase extends ReadoutCase {
  lr: number;
  steps: number;
  weight_decay: number;
  clamp_norm_factor: number;
  early_stop_loss: number;
}

const valueLoop = async (inputs: ValueCase) => {
  const readout = readoutObjective(inputs);
  const deltas: number[][] = [];
  const parts: { nll: number; kl: number }[] = [];
  const { delta, passes } = await optimiseValue(
    readout.start,
    (delta) => {
      deltas.push([...delta]);
      const result = readout.at(delta);
      parts.push(result);
      return result;
    },
    {
      lr: inputs.lr,
      passes: inputs.steps,
      weightDecay: inputs.weight_decay,
      clampFactor: inputs.clamp_norm_factor,
      stopBelow: inputs.early_stop_loss,
    },
  );
  return {
    iterations: passes.length,
    losses: passes.map(({ total, weightDecay }, i) => ({ total, weight_decay: weightDecay, ...parts[i] })),
    delta_at_iteration: deltas,
    delta: [...delta],
  };
};

interface BatchCase extends Layout {
  weights: Rows[];
  keys: Rows[];
  target_values: Rows;
  current_values: Rows[];
  second_moments: Rows[];
  mom2_update_weight: number;
  update_norm_lambda: number;
  emmet_lambda: number;
}

/** What each layer of a batch write is asked for, the last layer having one layer left. */
const layersOf = (
  inputs: Pick<BatchCase, "keys" | "target_values" | "current_values">,
  spread: "linear" | "sqrt" = "linear",
) =>
  inputs.keys.map((rows, layer) => ({
    keys: tensor(rows),
    residuals: spreadResiduals({
      targets: tensor(inputs.target_values),
      current: tensor(inputs.current_values[layer]),
      layersLeft: inputs.keys.length - layer,
      keyCount: rows.length,
      spread,
    }),
  }));

const memit = (variant: Variant) => (inputs: BatchCase) => ({
  delta_weights: layersOf(inputs).map((facts, layer) => {
    const factor = factorMoment(double(inputs.second_moments[layer]));
    const lambda = inputs.mom2_update_weight;
    return written(memitUpdate({ ...facts, factor, lambda, variant, storedAs: storedAs(inputs) }), inputs);
  }),
});

const emmet = (variant: Variant) => (inputs: BatchCase) => ({
  delta_weights: layersOf(inputs).map((facts, layer) => {
    const options = { scale: inputs.mom2_update_weight, ridge: inputs.update_norm_lambda };
    const factor = factorMoment(double(inputs.second_moments[layer]), options);
    const ridge = inputs.emmet_lambda;
    return written(emmetUpdate({ ...facts, factor, ridge, variant, storedAs: storedAs(inputs) }), inputs);
  }),
});

const pmet = (inputs: BatchCase) => ({
  delta_weights: layersOf(inputs, "sqrt").map((facts, layer) => {
    const factor = factorMoment(double(inputs.second_moments[layer]));
    return written(pmetUpdate({ ...facts, factor, lambda: inputs.mom2_update_weight }), inputs);
  }),
});

interface AlphaCase extends Layout {
  second_moments: Rows[];
  nullspace_threshold: number;
  L2: number;
  edits: { keys: Rows[]; keys_after: Rows[]; target_values: Rows; current_values: Rows[] }[];
}

const alphaEdit = (variant: Variant) => (inputs: AlphaCase) => {
  const spaces = inputs.second_moments.map((moment) => nullSpace(double(moment), inputs.nullspace_threshold));
  let caches = spaces.map(({ size }) => emptyGram(size));
  return {
    projections: spaces.map(({ size, project }) => project(Matrix.eye(size)).to2DArray()),
    edits: inputs.edits.map((edit) => {
      const deltas = layersOf(edit).map((facts, layer) => {
        const place = { nullSpace: spaces[layer], cache: caches[layer], ridge: inputs.L2, storedAs: storedAs(inputs) };
        return written(alphaEditUpdate({ ...facts, ...place, variant }), inputs);
      });
      caches = caches.map((cache, layer) => addKeys(cache, tensor(edit.keys_after[layer])));
      return { delta_weights: deltas, cache: caches.map((cache) => gramMatrix(cache).to2DArray()) };
    }),
  };
};

describeGolden(
  "rome-memit.json",
  {
    second_moment: {
      official: ({ key_batches }: { key_batches: Rows[] }) => {
        const gathered = secondMoment(key_batches[0][0].length);
        for (const batch of key_batches) gathered.add(tensor(batch));
        return { moment: matrixOf(gathered.moment(), "moment").to2DArray(), count: gathered.count };
      },
    },
    "rome.update": { official: rome("official"), corrected: rome("corrected") },
    "rome.value_loop": { official: valueLoop },
    "r_rome.update": { official: rRome },
    "memit.update": { official: memit("official"), corrected: memit("corrected") },
    "emmet.update": { official: emmet("official"), corrected: emmet("corrected") },
    "pmet.update": { official: pmet },
    "alphaedit.update": { official: alphaEdit("official"), corrected: alphaEdit("corrected") },
  },
  {},
  // Codebooks and side memories are rome-memit-memories.test.ts's; what starts from gradients or another editor's write, rome-memit-gradients.test.ts's.
  (kind) => !/^(grace|wise|ultraedit|simie|mend)\./.test(kind),
);
