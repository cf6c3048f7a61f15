import { activations, type ActivationName } from "../../kernels/editors/memories/activation.ts";
import { emptyCodebook, type GraceCodebook, insertKey, lookUp } from "../../kernels/editors/memories/grace-codebook.ts";
import { type GraceReplacement, replacedPositions } from "../../kernels/editors/memories/grace-replace.ts";
import type { Variant } from "../../kernels/editors/memories/variant.ts";
import { type ActivationRow, wiseActivationLoss } from "../../kernels/editors/memories/wise-activation-loss.ts";
import { type OutputPair, positionDistances, routeDistance } from "../../kernels/editors/memories/wise-distance.ts";
import { mergeNewest } from "../../kernels/editors/memories/wise-memory.ts";
import { wiseMerge, type WiseMergeMethod } from "../../kernels/editors/memories/wise-merge.ts";
import {
  type WiseAnswerer,
  type WiseDecision,
  wiseRoute,
  wiseRouteMerged,
} from "../../kernels/editors/memories/wise-route.ts";
import { describeGolden } from "./golden-cases.ts";

type Matrix = number[][];

const flat = (matrix: Matrix) => Float32Array.from(matrix.flat());
const nested = (data: ArrayLike<number>, width: number): Matrix =>
  Array.from({ length: data.length / width }, (_, row) => Array.from(data).slice(row * width, (row + 1) * width));
/** x W^T with W [out, in]. */
const apply = (weight: Matrix, x: number[]) =>
  weight.map((row) => row.reduce((sum, value, i) => sum + value * x[i], 0));
const pair = (original: Matrix, changed: Matrix): OutputPair => {
  return { original: flat(original), changed: flat(changed), width: original[0].length };
};
/** Names of methods and modes as files write them, and as medke does. */
const hyphens = <T extends string>(name: string) => name.replaceAll("_", "-") as T;

interface GraceInputs {
  weight: Matrix;
  init_epsilon: number;
  eps_expand: string;
  replacement: string;
  inserts: { query: number[]; label: number[] }[];
  queries: Matrix;
  first_positions: Matrix;
}

function grace(variant: Variant) {
  return (inputs: GraceInputs) => {
    let codebook: GraceCodebook = emptyCodebook(variant);
    const [actions, radii_after_each]: [string[], unknown[]] = [[], []];
    for (const { query, label } of inputs.inserts) {
      const value = Float32Array.from(apply(inputs.weight, query));
      const edit = { key: Float32Array.from(query), value, label, caseId: "one" };
      const options = { radius: inputs.init_epsilon, expand: hyphens<"coverage">(inputs.eps_expand) };
      const inserted = insertKey(codebook, edit, options);
      codebook = inserted.codebook;
      actions.push(inserted.action);
      radii_after_each.push(codebook.radii);
    }
    const found = inputs.queries.map((query) => lookUp(codebook, query)!);
    const output = inputs.queries.map((query, i) => {
      const rows = [inputs.first_positions[i], query].map((x) => apply(inputs.weight, x));
      if (!found[i].fires) return rows;
      const [from, to] = replacedPositions(hyphens<GraceReplacement>(inputs.replacement), 1, rows.length, variant);
      return rows.map((row, at) => (at >= from && at < to ? Array.from(codebook.values[found[i].entry]) : row));
    });
    return {
      actions,
      radii_after_each,
      keys: codebook.keys.map((key) => Array.from(key)),
      values: codebook.values.map((value) => Array.from(value)),
      labels_as_stored: codebook.labels,
      labels_by_key: codebook.labels,
      nearest_key: found.map(({ entry }) => entry),
      distance: found.map(({ distance }) => distance),
      fired: found.map(({ fires }) => fires),
      output,
    };
  };
}

interface RouteInputs {
  hidden_act: ActivationName;
  retrieve: boolean;
  act_ratio: number;
  original_weight: Matrix;
  new_weight: Matrix;
  merged_weight?: Matrix;
  min_activation: number;
  memory_weights: Matrix[];
  memory_min_activations: number[];
  inputs: Matrix[][];
}

const nameOf = (to: WiseAnswerer) => (typeof to === "object" ? `memory_${to.shard}` : to === "current" ? "new" : to);

function routed(inputs: RouteInputs) {
  const { act_ratio: ratio, min_activation: least, memory_min_activations: leastOf } = inputs;
  const weights: Record<string, Matrix> = { original: inputs.original_weight, new: inputs.new_weight };
  if (inputs.merged_weight) weights.merged = inputs.merged_weight;
  inputs.memory_weights.forEach((weight, i) => (weights[`memory_${i}`] = weight));
  const results = inputs.inputs.map(([positions]) => {
    const out = (name: string) => positions.map((x) => apply(weights[name], x));
    const distances = Object.fromEntries(
      Object.keys(weights)
        .filter((name) => name !== "original")
        .map((name) => {
          const outputs = pair(out("original"), out(name));
          return [name, routeDistance(positionDistances(outputs, activations[inputs.hidden_act]))];
        }),
    );
    const shards = leastOf.map((minActivation, i) => ({ distance: distances[`memory_${i}`], minActivation }));
    const decision: WiseDecision = inputs.retrieve
      ? wiseRoute({ distance: distances.new, minActivation: least }, shards, ratio, "official")
      : wiseRouteMerged({ current: distances.new, merged: distances.merged }, least, ratio);
    return { route: nameOf(decision.to), distances, rows: out(nameOf(decision.to)).slice(0, 2) };
  });
  return {
    routes: results.map(({ route }) => route),
    distances: results.map(({ distances }) => distances),
    first_rows: results.map(({ rows }) => rows),
  };
}

interface LossInputs extends Record<"alpha" | "beta" | "gamma", number> {
  original_output: Matrix[];
  new_output: Matrix[];
  act_mask: number[][] | null;
  deact_mask: number[][] | null;
  hidden_act: ActivationName;
}

function activationLoss(inputs: LossInputs) {
  const rows = inputs.original_output.map((original, i) => pair(original, inputs.new_output[i]));
  const under = (masks: number[][] | null): ActivationRow[] =>
    rows.slice(0, -1).map((row, i) => ({ ...row, mask: masks?.[i] }));
  const outside = inputs.deact_mask ? under(inputs.deact_mask) : rows.slice(-1);
  const { loss } = wiseActivationLoss(under(inputs.act_mask), outside, activations[inputs.hidden_act], inputs);
  return { loss };
}

interface MergeInputs {
  method: string;
  base: Matrix;
  tensors: Matrix[];
  weights: number[];
  density: number | null;
}

interface MemoryInputs {
  original_weight: Matrix;
  memory_weights: Matrix[];
  memory_min_activations: number[];
  merge_freq: number;
  save_freq: number;
  weights: number;
  density: number;
}

describeGolden(
  "rome-memit.json",
  {
    "grace.codebook": { official: grace("official"), corrected: grace("corrected") },
    "wise.merge": {
      official: ({ method, base, tensors, weights, density }: MergeInputs) => {
        const options = { method: hyphens<WiseMergeMethod>(method), weights, density: density ?? undefined };
        return { merged: nested(wiseMerge(flat(base), tensors.map(flat), options), base[0].length) };
      },
    },
    "wise.merge_memory": {
      official: (inputs: MemoryInputs) => {
        const shards = inputs.memory_weights.map((weight, i) => {
          return { weight: flat(weight), minActivation: inputs.memory_min_activations[i], cases: [] };
        });
        const { weights: weight, density } = inputs;
        const count = inputs.merge_freq / inputs.save_freq;
        const merged = mergeNewest(shards, flat(inputs.original_weight), count, { weight, merge: { density } });
        return {
          memory_weights: merged.map((shard) => nested(shard.weight, inputs.original_weight[0].length)),
          memory_min_activations: merged.map(({ minActivation }) => minActivation),
        };
      },
    },
    "wise.route": { official: routed },
    "wise.activation_loss": { official: activationLoss },
  },
  {},
  // The other kinds are those of the tests beside this one.
  (kind) => /^(grace|wise)\./.test(kind),
);
