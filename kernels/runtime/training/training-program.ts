import {
  exampleShapes,
  gradientGraph,
  initializerMap,
  learnTrace,
  lift,
  lower,
  sessionSource,
  tensorOf,
} from "../../onnx/index.ts";
import type { OnnxModel } from "../../onnx/index.ts";
import { float32 } from "../../tensor.ts";
import type { Tensor } from "../../tensor.ts";
import type { ClipOptions } from "../optimisers/clip.ts";
import type { OptimiserOptions } from "../optimisers/optimiser.ts";
import type { Runtime } from "../runtime.ts";
import { nextName, slotName, trainingGraph } from "./training-graph.ts";
import { updateRule } from "./update-rule.ts";
import { varyingSizes } from "./varying-sizes.ts";

export interface TrainingProgramOptions {
  /** A model with a scalar output `loss` (see crossEntropy and squaredError); its weights are initialisers. */
  model: OnnxModel;
  /** Names of the weights to train. */
  parameters: readonly string[];
  optimiser: OptimiserOptions;
  clip?: ClipOptions;
  /** Sizes to trace with, by the names that vary; 2 or more. Default: see varyingSizes. */
  sizes?: Record<string, number>;
  /** Where weights are kept between steps: in the worker, or sent there and back at every step (which is slower, for comparison). Default "worker". */
  keep?: "worker" | "caller";
}

/** Everything that training changes, by name: weights, and `slot:parameter` for the optimiser's state. */
export type TrainingValues = Record<string, Tensor>;

/** A compiled training step. Released by whoever compiled it. */
export interface TrainingProgram {
  /**
   * Takes one step; steps count from 1. `lr` is the step size. A step that is called off may have been taken: go on from saved values.
   *
   * Throws: CancelledError.
   */
  step(
    feeds: Record<string, Tensor>,
    step: number,
    lr: number,
    signal?: AbortSignal,
  ): Promise<{ loss: number; gradNorm: number }>;
  /** Copies of all values. */
  values(): Promise<TrainingValues>;
  restore(values: TrainingValues): Promise<void>;
  release(): Promise<void>;
}

/** Derives the graph of a training step from a model with a loss, and opens it. */
export async function compileTraining(runtime: Runtime, options: TrainingProgramOptions): Promise<TrainingProgram> {
  const { model, parameters, keep = "worker" } = options;
  const weights = initializerMap(model);
  const lifted = lower(lift(model, parameters), { targets: parameters });
  const initial: TrainingValues = {};
  for (const name of parameters) initial[name] = tensorOf(weights.get(name)!);
  const shapes = new Map(parameters.map((name) => [name, initial[name].dims]));
  const rule = updateRule(options.optimiser);
  for (const [name, dims] of shapes)
    for (const slot of rule.slots)
      initial[slotName(name, slot)] = float32(new Float32Array(initial[name].data.length), dims);
  const examples = exampleShapes(lifted, varyingSizes(lifted, options.sizes));
  const trace = await learnTrace(lifted, examples, (...call) => runtime.runOnce(...call));
  const backward = gradientGraph(lifted, { loss: "loss", targets: parameters, trace });
  const session = await runtime.open(
    async () => sessionSource(trainingGraph(backward, shapes, rule, options.clip)),
    "training graph",
  );
  const names = Object.keys(initial);
  const inputs = new Set(session.inputs.map((input) => input.name));
  const scalars = (step: number, lr: number) =>
    Object.fromEntries(
      Object.entries(rule.feeds(step, lr)).map(([name, value]) => [`step:${name}`, float32([value], [])]),
    );
  const given = (feeds: Record<string, Tensor>) =>
    Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name)));
  const result = (outputs: Record<string, Tensor>) => ({
    loss: Number(outputs.loss.data[0]),
    gradNorm: Number(outputs.grad_norm.data[0]),
  });
  if (keep === "caller") {
    let values = initial;
    return {
      async step(feeds, step, lr, signal) {
        const outputs = await session.run({ ...given(feeds), ...scalars(step, lr), ...values }, { signal });
        values = Object.fromEntries(names.map((name) => [name, outputs[nextName(name)]]));
        return result(outputs);
      },
      values: async () => values,
      restore: async (saved) => void (values = saved),
      release: () => session.release(),
    };
  }
  const state = runtime.state();
  await state.put(initial);
  const use = state.use(
    Object.fromEntries(names.map((name) => [name, name])),
    Object.fromEntries(names.map((name) => [nextName(name), name])),
  );
  return {
    step: async (feeds, step, lr, signal) =>
      result(await session.run({ ...given(feeds), ...scalars(step, lr) }, { ...use, signal })),
    values: () => state.get(),
    restore: (saved) => state.put(saved),
    async release() {
      await state.dispose();
      await session.release();
    },
  };
}
