import { requireKnown } from "../../nearest-name.ts";
import { MOMENT_DEFAULTS } from "../optimisers/moments.ts";
import { OPTIMISERS } from "../optimisers/optimiser.ts";
import type { OptimiserOptions } from "../optimisers/optimiser.ts";
import type { NodeList } from "./node-list.ts";

/** What one parameter's update reads and writes, by value name. */
export interface UpdateCall {
  weight: string;
  gradient: string;
  /** Present value of each slot, in the order of `slots`. */
  slots: readonly string[];
  /** Names for the new weight and the new slots. */
  next: { weight: string; slots: readonly string[] };
}

/** An optimiser as operators of the training graph. The same recurrences as in ../optimisers, in single precision. */
export interface UpdateRule {
  /** State beside the weight, each of its shape. */
  slots: readonly string[];
  /** Inputs of a parameter's shape that stay as they are. Default: none. */
  constants?(parameter: string): readonly string[];
  /** Numbers that change from step to step, fed at every run. Steps count from 1. */
  feeds(step: number, lr: number): Record<string, number>;
  /** What those numbers are in a step that leaves the weight as it is. */
  still: Readonly<Record<string, number>>;
  /** Appends the update. Names of feeds are prefixed with `step:` in the graph. */
  emit(g: NodeList, call: UpdateCall): void;
}

/** Throws: UnknownNameError for a kind that does not exist. */
export function updateRule(options: OptimiserOptions): UpdateRule {
  switch (options.kind) {
    case "adam":
      return adaptive(options, options.weightDecay ?? 0, false);
    case "adamw":
      return adaptive(options, options.weightDecay ?? 0.01, true);
    case "sgd":
      return descent(options);
    default:
      options satisfies never;
      requireKnown("optimiser", (options as { kind: string }).kind, OPTIMISERS);
      throw new Error("internal: unhandled optimiser");
  }
}

function adaptive(
  options: { betas?: [number, number]; eps?: number },
  weightDecay: number,
  decoupled: boolean,
): UpdateRule {
  const { betas: [b1, b2], eps } = { ...MOMENT_DEFAULTS, ...options }; // prettier-ignore
  // Every pass over a weight of some millions takes half a millisecond, so that the step is written with as few as there can be: the moments are
  // kept as sums, m / (1 - b1) and v / (1 - b2), and those factors and the bias corrections are folded into three numbers.
  return {
    slots: ["mean sum", "square sum"],
    feeds: (step, lr) => {
      const spread = Math.sqrt((1 - b2) / (1 - b2 ** step));
      return {
        rate: (lr * (1 - b1)) / (1 - b1 ** step) / spread,
        floor: eps / spread,
        keep: decoupled ? 1 - lr * weightDecay : 1,
      };
    },
    still: { rate: 0, floor: 1, keep: 1 },
    emit(g, { weight, gradient, slots: [mean, square], next }) {
      const slope = decoupled || weightDecay === 0 ? gradient : g.add(gradient, g.mul(weight, g.scalar(weightDecay)));
      const m = g.add(g.mul(mean, g.scalar(b1)), slope, next.slots[0]);
      const v = g.add(g.mul(square, g.scalar(b2)), g.mul(slope, slope), next.slots[1]);
      const root = g.add(g.op("Sqrt", [v]), "step:floor");
      const kept = decoupled && weightDecay !== 0 ? g.mul(weight, "step:keep") : weight;
      g.sub(kept, g.div(g.mul(m, "step:rate"), root), next.weight);
    },
  };
}

function descent(options: { momentum?: number; nesterov?: boolean; weightDecay?: number }): UpdateRule {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  return {
    slots: momentum === 0 ? [] : ["velocity"],
    feeds: (_, lr) => ({ rate: lr }),
    still: { rate: 0 },
    emit(g, { weight, gradient, slots: [velocity], next }) {
      const slope = weightDecay === 0 ? gradient : g.add(gradient, g.mul(weight, g.scalar(weightDecay)));
      let direction = slope;
      if (momentum !== 0) {
        const v = g.add(g.mul(velocity, g.scalar(momentum)), slope, next.slots[0]);
        direction = nesterov ? g.add(slope, g.mul(v, g.scalar(momentum))) : v;
      }
      g.sub(weight, g.mul(direction, "step:rate"), next.weight);
    },
  };
}
