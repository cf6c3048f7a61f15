import { UserFacingError } from "../../errors.ts";
import { normal } from "../../onnx/build/initialisers.ts";
import { cotangentName, gradientGraph, gradientName } from "../../onnx/gradients/vjp.ts";
import type { RuleTable } from "../../onnx/gradients/index.ts";
import { lower } from "../../onnx/lowering/index.ts";
import { sessionSource } from "../../onnx/session-source.ts";
import { learnTrace } from "../../onnx/shapes/index.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Session } from "../../runtime/session.ts";
import type { Tensor } from "../../tensor.ts";
import { LADDERS, slopeAtZero } from "./central-difference.ts";
import { exactGrid } from "./exact-grid.ts";
import type { Ladder } from "./exact-grid.ts";
import type { Target } from "./target.ts";

/** Cause: a target's gradient cannot be compared with differences. Handled by: the user, who checks another target or export. */
export class NotCheckableError extends UserFacingError {}

/** How well the analytic derivative along one random direction agrees with central differences. */
export interface DirectionCheck {
  analytic: number;
  numeric: number;
  /** |analytic - numeric| relative to the larger of the two. */
  error: number;
  /** How far the numeric derivative itself can be trusted, relative. */
  uncertainty: number;
  /** Step of the differences, relative to the size of the target's values. */
  step: number;
}

type Outputs = Record<string, Tensor>;
type Weights = Record<string, Float32Array>;

// At this step the change of the outputs shows its direction; its exact size does not matter.
const PROBE = 2 ** -7;

export interface TargetOptions {
  outputs: readonly string[];
  seed: number;
  directions: number;
  where: string;
  /** Whether the loss has kinks, so that differences need small steps. */
  kinked: boolean;
  rules?: RuleTable;
  /** Called before every step of the differences; may throw to stop. */
  step?: () => void;
}

/**
 * Checks a target's gradient along random directions d against central differences of the forward graph in float32.
 *
 * The loss is Σ c·y over the outputs for all of the given feeds, with fixed weights c, accumulated in float64, so that the check is
 * ⟨c, J d⟩ = ⟨Jᵀ c, d⟩. Its weights are the change of the outputs along d as differences show it: rounding errors of the many outputs
 * then average out, and the derivative is never small by accident, so that its own size is an honest scale for the error.
 *
 * `samples` are feeds of one shape; where the target is one of them, each sample brings its own values.
 * Throws: NotCheckableError, and what gradientGraph, lower and the runtime throw.
 */
export async function checkTarget(
  runtime: Runtime,
  target: Target,
  samples: readonly Record<string, Tensor>[],
  options: TargetOptions,
): Promise<DirectionCheck[]> {
  if (target.value.type !== "float32")
    throw new NotCheckableError(
      `target ${target.id}: it is ${target.value.type}, differences need float32. Check a float32 export.`,
    );
  const points = samples.map((feeds) => pointOf(target, feeds, LADDERS[options.kinked ? "kinked" : "smooth"]));
  const forward = await runtime.open(sessionSource(target.model), options.where);
  let backward: Session | undefined;
  try {
    backward = await openGradient(runtime, target, points[0].at(), options);
    const checks: DirectionCheck[] = [];
    for (let i = 0; i < options.directions; i++) {
      const moved = points.map((point, k) =>
        // A weight moves alike in all samples, an input in each its own way.
        point.along(
          normal(point.scale)(target.value.dims, options.seed + 104729 * (i + 1) + (target.kind === "input" ? k : 0)),
        ),
      );
      const weights: Weights[] = [];
      for (const { at } of moved)
        weights.push(change(options.outputs, await forward.run(at(PROBE)), await forward.run(at(-PROBE))));
      normalise(weights);
      const slope = await slopeAtZero(async (step) => {
        options.step?.();
        let sum = 0;
        for (const [k, { at }] of moved.entries())
          sum += dot(weights[k], await forward.run(at(step))) - dot(weights[k], await forward.run(at(-step)));
        return sum;
      }, options.kinked);
      let analytic = 0;
      for (const [k, { at, direction }] of moved.entries()) {
        const results = await backward.run({ ...at(0), ...asFeeds(weights[k], await forward.run(at(0))) });
        analytic += product(results[gradientName(target.input)].data as Float32Array, direction);
      }
      const size = Math.max(Math.abs(analytic), Math.abs(slope.value));
      const error = size === 0 ? 0 : Math.abs(analytic - slope.value) / size;
      checks.push({ analytic, numeric: slope.value, error, uncertainty: slope.uncertainty, step: slope.step });
    }
    return checks;
  } finally {
    await forward.release();
    await backward?.release();
  }
}

/** Where a sample is differentiated: feeds, and the same feeds with the target moved. */
function pointOf(target: Target, sample: Record<string, Tensor>, ladder: Ladder) {
  const value = (target.kind === "input" ? sample[target.input] : target.value) as Tensor<Float32Array>;
  const scale = Math.sqrt(product(value.data, value.data) / value.data.length) || 1;
  const grid = exactGrid(value.data, scale, ladder);
  const at = (data = grid.values) => ({ ...sample, ...target.feeds, [target.input]: { ...value, data } });
  const along = (random: Float32Array) => {
    const direction = grid.direction(random);
    return { direction, at: (step: number) => at(grid.values.map((number, i) => number + step * direction[i])) };
  };
  return { scale, at: () => at(), along };
}

async function openGradient(
  runtime: Runtime,
  { model, input }: Target,
  feeds: Record<string, Tensor>,
  { outputs, rules, where }: TargetOptions,
): Promise<Session> {
  const plain = lower(model, { targets: [input] });
  const trace = await learnTrace(plain, feeds, (...call) => runtime.runOnce(...call));
  const graph = gradientGraph(plain, { outputs, targets: [input], trace, keep: [], ...(rules && { rules }) });
  return runtime.open(sessionSource(graph), `${where}, gradient of ${input}`);
}

/** The change of the outputs as float32: the gradient graph is fed the very numbers that the loss uses. */
function change(names: readonly string[], plus: Outputs, minus: Outputs): Weights {
  const changes = names.map((name) => {
    const [a, b] = [plus[name], minus[name]];
    if (a.type !== "float32")
      throw new NotCheckableError(
        `output "${name}": it is ${a.type}, too coarse for differences. Check the float32 export.`,
      );
    return [name, (a.data as Float32Array).map((number, i) => number - (b.data as Float32Array)[i])] as const;
  });
  return Object.fromEntries(changes);
}

/** Scales weights to length 1 over all samples. */
function normalise(samples: readonly Weights[]): void {
  const all = samples.flatMap((weights) => Object.values(weights));
  const length = Math.sqrt(all.reduce((sum, data) => sum + product(data, data), 0)) || 1;
  for (const data of all) data.forEach((number, i) => (data[i] = number / length));
}

const asFeeds = (weights: Weights, outputs: Outputs): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, data]) => [
      cotangentName(name),
      { type: "float32", dims: outputs[name].dims, data },
    ]),
  );

const dot = (weights: Weights, outputs: Outputs) =>
  Object.entries(weights).reduce((sum, [name, weight]) => sum + product(weight, outputs[name].data as Float32Array), 0);

/** Accumulated in float64. */
function product(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
