import { Matrix } from "ml-matrix";
import type { GramSolver } from "../../kernels/editors/closed-forms/key-gram.ts";
import {
  mendFactors,
  mendStatistics,
  mendUpdate,
  noMendStatistics,
  type MendNetworks,
  type MendStatistics,
} from "../../kernels/editors/closed-forms/mend.ts";
import type { MendNetwork } from "../../kernels/editors/closed-forms/mend-network.ts";
import {
  deviations,
  noStatistics,
  type RunningStatistics,
} from "../../kernels/editors/closed-forms/running-statistics.ts";
import { simieStep, startSimie } from "../../kernels/editors/closed-forms/simie.ts";
import { ultraEditStatistics, ultraEditUpdate } from "../../kernels/editors/closed-forms/ultraedit.ts";
import { float32 } from "../../kernels/tensor.ts";
import { attempt, describeGolden } from "./golden-cases.ts";
import { dense, tensor, written, type Layout, type Rows } from "./golden-tensors.ts";

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
    "ultraedit.update": { official: ultraEdit },
    "simie.update": { official: simie },
    "mend.transform": { official: mendTransform },
    "mend.edit": { official: mendEdit },
  },
  {},
  (kind) => /^(ultraedit|simie|mend)\./.test(kind),
);
