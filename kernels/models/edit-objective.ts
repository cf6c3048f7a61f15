import type { Tensor } from "../tensor.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import type { OptimiserOptions } from "../runtime/optimisers/optimiser.ts";
import type { ScheduleOptions } from "../runtime/optimisers/schedule.ts";
import type { Example, ExampleBatch } from "./example-batch.ts";
import type { Trainable } from "./trainables.ts";

/** Tensors by parameter name (see trainables). */
export type Values = Record<string, Tensor<Float32Array>>;

/** A further term of the loss, computed in the graph, such as a margin between activations. */
export interface ExtraLoss {
  /** Names the term among compiled programs: equal names mean equal terms. */
  name: string;
  /**
   * Rewrites a graph whose scalar output is `loss`, and that is lowered and in single precision behind the trainables; it may add inputs, and
   * operators that gradients have rules for.
   */
  rewrite(model: OnnxModel): OnnxModel;
  /** What those inputs are fed. */
  feeds(batch: ExampleBatch): Record<string, Tensor>;
}

export interface ObjectiveOptions {
  trainables: readonly Trainable[];
  examples: readonly Example[];
  extra?: ExtraLoss;
  signal?: AbortSignal;
}

/** What an objective is at some values of its parameters. */
export interface Evaluated {
  /** Nats. */
  loss: number;
  /** log p of every scored token, by example. [examples][tokens] */
  logprobs: number[][];
  /** d loss / d parameter. */
  gradients: Values;
}

export interface FitOptions {
  optimiser: OptimiserOptions;
  steps: number;
  /** How the step size changes. Default: it does not. */
  schedule?: ScheduleOptions;
  /** Ends before the step at which the loss is below this. Default: never. */
  stopBelow?: number;
  /** Largest absolute value of every entry of a parameter; longer steps are cut. */
  clamp?: number;
  /** Factors of the gradients, such as 0 for entries that shall stay. */
  masks?: Values;
  /** What a parameter is a change of: decoupled weight decay then shrinks the sum of both. */
  anchors?: Values;
  signal?: AbortSignal;
  /** Called with every loss. */
  onStep?: (step: number, loss: number) => void;
}

export interface Fitted {
  values: Values;
  /** Before each step, nats. */
  losses: number[];
}

/**
 * A loss of some examples as a function of trainables, ready to be evaluated often: whatever does not depend on the parameters, such as all
 * layers below the first of them, was computed once and stays in the engine.
 *
 * Released by whoever made it.
 */
export interface EditObjective {
  readonly batch: ExampleBatch;
  /** Loss and gradients at `values`, masks of the trainables included. Throws: CancelledError. */
  evaluate(values: Values, signal?: AbortSignal): Promise<Evaluated>;
  /** Minimises from `initial` without a parameter leaving the engine. Throws: CancelledError. */
  fit(initial: Values, options: FitOptions): Promise<Fitted>;
  release(): Promise<void>;
}
