import { Matrix } from "ml-matrix";
import { alphaEditUpdate } from "../../kernels/editors/closed-forms/alphaedit.ts";
import { emmetUpdate } from "../../kernels/editors/closed-forms/emmet.ts";
import { addKeys, emptyGram, gramMatrix, type GramSolver } from "../../kernels/editors/closed-forms/key-gram.ts";
import { memitUpdate } from "../../kernels/editors/closed-forms/memit.ts";
import {
  mendFactors,
  mendStatistics,
  mendUpdate,
  noMendStatistics,
  type MendNetworks,
  type MendStatistics,
} from "../../kernels/editors/closed-forms/mend.ts";
import type { MendNetwork } from "../../kernels/editors/closed-forms/mend-network.ts";
import { factorMoment } from "../../kernels/editors/closed-forms/moment-factor.ts";
import { nullSpace } from "../../kernels/editors/closed-forms/null-space.ts";
import { optimiseValue } from "../../kernels/editors/closed-forms/optimise-value.ts";
import { pmetUpdate } from "../../kernels/editors/closed-forms/pmet.ts";
import { romeUpdate, type RomeInputs } from "../../kernels/editors/closed-forms/rome.ts";
import {
  deviations,
  noStatistics,
  type RunningStatistics,
} from "../../kernels/editors/closed-forms/running-statistics.ts";
import { secondMoment } from "../../kernels/editors/closed-forms/second-moment.ts";
import { simieStep, startSimie } from "../../kernels/editors/closed-forms/simie.ts";
import { spreadResiduals } from "../../kernels/editors/closed-forms/spread-residuals.ts";
import { ultraEditStatistics, ultraEditUpdate } from "../../kernels/editors/closed-forms/ultraedit.ts";
import { matrixOf } from "../../kernels/editors/closed-forms/tensor-matrix.ts";
import { denseMatrix, type WeightUpdate } from "../../kernels/editors/closed-forms/weight-update.ts";
import { float32, type Tensor } from "../../kernels/tensor.ts";
import { attempt, describeGolden } from "./golden-cases.ts";
import { readoutObjective, type ReadoutCase } from "./readout-objective.ts";

type Rows = number[][];
type Variant = "official" | "corrected";
interface Layout {
  weight_layout: "out_in" | "in_out";
}

const tensor = (rows: Rows): Tensor<Float32Array> => float32(rows.flat(), [rows.length, rows[0].length]);
const double = (rows: Rows): Tensor<Float64Array> => ({
  type: "float64",
  dims: [rows.length, rows[0].length],
  data: Float64Array.from(rows.flat()),
});
const vector = (values: number[]) => float32(values, [values.length]);
const storedAs = ({ weight_layout }: Layout) =>
  (weight_layout === "in_out" ? "in-out" : "out-in") as "in-out" | "out-in";

/** A delta [in, out] in the layout of a case's weight. */
const written = (update: WeightUpdate, { weight_layout }: Layout): Rows => {
  const delta = denseMatrix(update);
  return (weight_layout === "in_out" ? delta : delta.transpose()).to2DArray();
};
/** And back: a change of a case's weight as a delta. */
const dense = (change: Rows, { weight_layout }: Layout): WeightUpdate => ({
  kind: "dense",
  delta: tensor(weight_layout === "in_out" ? change : new Matrix(change).transpose().to2DArray()),
});

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
  const update = romeUpdate({ ...given, factor, storedAs: storedAs(inputs) });
  return {
    left_vector: [...update.left],
    right_vector: [...update.right],
    delta_weight: written(update, inputs),
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

interface UltraCase {
  module_shapes_in_out: [number, number][];
  lr: number;
  edits: { modules: { keys: Rows; value_grads: Rows }[] }[][];
}

const ultraEdit = ({ module_shapes_in_out: shapes, lr, edits }: UltraCase) => {
  const name = (module: number) => `(${shapes[module].join(", ")})`;
  const statistics = new Map<string, RunningStatistics>();
  shapes.forEach(([inputs, outputs], module) => statistics.set(name(module), noStatistics(inputs + outputs)));
  return {
    edits: edits.map((batches) => {
      for (const { modules } of batches)
        modules.forEach(({ keys, value_grads }, module) => {
          const batch = { keys: tensor(keys), gradients: tensor(value_grads) };
          statistics.set(name(module), ultraEditStatistics(statistics.get(name(module))!, batch, "official"));
        });
      const deltas = shapes.map((_, module) => {
        const rows = (field: "keys" | "value_grads") =>
          tensor(batches.flatMap((batch) => batch.modules[module][field]));
        const tokens = { keys: rows("keys"), gradients: rows("value_grads") };
        return written(ultraEditUpdate(tokens, statistics.get(name(module))!, lr), { weight_layout: "out_in" });
      });
      const normalizers = [...statistics].map(([shape, each]) => [
        shape,
        { n: each.n, mean: [...each.mean], std: [...deviations(each)] },
      ]);
      return { delta_weights: deltas, normalizers: Object.fromEntries(normalizers) };
    }),
  };
};

interface SimieCase extends Layout {
  weight: Rows;
  lam: number;
  init_model: boolean;
  solver: "LU" | "Cholesky" | "SVD";
  steps: { keys: Rows; base_editor_delta: Rows }[];
}

/** Twice: with the released solver, and in the form that scales. */
const simie = (inputs: SimieCase) => {
  const run = (solver: GramSolver) => {
    let state = startSimie(inputs.steps[0].keys[0].length);
    let weight = new Matrix(inputs.weight);
    return inputs.steps.map(({ keys, base_editor_delta }) => {
      const before = inputs.init_model ? inputs.weight : weight.to2DArray();
      const options = { lambda: inputs.lam, solver, restart: inputs.init_model };
      const result = simieStep(state, { keys: tensor(keys), written: dense(base_editor_delta, inputs) }, options);
      state = result.state;
      weight = Matrix.add(weight, new Matrix(written(result.update, inputs)));
      return { weight_before_base_editor: before, weight_after: weight.to2DArray() };
    });
  };
  const [released, scaled] = [run(inputs.solver.toLowerCase() as GramSolver), run("keys")];
  const apart = released.map((step, i) =>
    Matrix.sub(new Matrix(step.weight_after), new Matrix(scaled[i].weight_after)),
  );
  if (apart.some((difference) => difference.max() > 1e-6 || difference.min() < -1e-6))
    throw new Error("the released solver and the scaled form differ");
  return { steps: scaled };
};

interface MendCase {
  x_dim: number;
  delta_dim: number;
  init: string;
  norm: boolean;
  parameters: Record<string, Rows | number[]>;
  calls: { training: boolean; x: Rows[]; delta: Rows[]; mode: number | null }[];
}

/** Networks from the names that the released code gives their parameters. */
const networksOf = (parameters: MendCase["parameters"], skip: boolean): MendNetworks => {
  const read = (name: string): MendNetwork | undefined => {
    const layers = [];
    for (let i = 0; `${name}.layers.${i}.u` in parameters; i++) {
      const get = (field: string) => parameters[`${name}.layers.${i}.${field}`] as Rows | undefined;
      const [scale, shift] = [get("mode_scale.weight"), get("mode_shift.weight")];
      layers.push({
        u: new Matrix(get("u")!),
        v: new Matrix(get("v")!),
        bias: get("bias")! as unknown as number[],
        ...(scale && shift ? { scale: new Matrix(scale), shift: new Matrix(shift) } : {}),
      });
    }
    return layers.length > 0 ? { layers, skip } : undefined;
  };
  const combined = read("mlp");
  return combined ? { combined } : { x: read("mlp1"), delta: read("mlp2") };
};
const cube = (values: Rows[]) => float32(values.flat(2), [values.length, values[0].length, values[0][0].length]);

const mendTransform = async (inputs: MendCase) => {
  const transform = { networks: networksOf(inputs.parameters, inputs.init === "id"), normalise: inputs.norm };
  let statistics: MendStatistics = noMendStatistics(inputs.x_dim, inputs.delta_dim);
  const calls = [];
  for (const { training, x, delta, mode } of inputs.calls)
    calls.push(
      await attempt(() => {
        const call = { x: cube(x), delta: cube(delta), ...(mode === null ? {} : { mode }) };
        if (training) statistics = mendStatistics(statistics, call);
        const factors = mendFactors(transform, statistics, call);
        return {
          x: factors.x.to2DArray(),
          delta: factors.delta.to2DArray(),
          update: written(mendUpdate(transform, statistics, call, 1), { weight_layout: "out_in" }),
          stats: {
            k: statistics.x.n,
            u_mean: [...statistics.x.mean],
            u_std: [...deviations(statistics.x)],
            v_mean: [...statistics.delta.mean],
            v_std: [...deviations(statistics.delta)],
          },
        };
      }),
    );
  return { calls };
};

interface MendEditCase {
  parameters: Record<string, MendCase["parameters"]>;
  edit_lrs: number[];
  layers: { shape_in_out: [number, number]; mode: number; x: Rows[]; delta: Rows[] }[];
}

const mendEdit = ({ parameters, edit_lrs, layers }: MendEditCase) => {
  const statistics = new Map<string, MendStatistics>();
  const updates = layers.map(({ shape_in_out: [inputs, outputs], mode, x, delta }, i) => {
    const shape = `(${inputs}, ${outputs})`;
    const transform = { networks: networksOf(parameters[shape], true) };
    const call = { x: cube(x), delta: cube(delta), mode };
    statistics.set(shape, mendStatistics(statistics.get(shape) ?? noMendStatistics(inputs, outputs), call));
    const update = mendUpdate(transform, statistics.get(shape)!, call, edit_lrs[i]);
    return written(update, { weight_layout: "out_in" });
  });
  return { updates };
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
    "ultraedit.update": { official: ultraEdit },
    "simie.update": { official: simie },
    "mend.transform": { official: mendTransform },
    "mend.edit": { official: mendEdit },
  },
  {},
  // Codebooks and side memories are rome-memit-memories.test.ts's.
  (kind) => !kind.startsWith("grace.") && !kind.startsWith("wise."),
);
