import type { OptimiserOptions } from "../optimisers/optimiser.ts";
import { updateRule, type UpdateRule } from "./update-rule.ts";

export const maskName = (parameter: string): string => `mask:${parameter}`;
export const anchorName = (parameter: string): string => `anchor:${parameter}`;

/** Bounds on what an optimiser may do to a change of a weight. */
export interface Bounds {
  /** Largest absolute value of every entry; what goes beyond is cut after the step. */
  clamp?: number;
  /** Parameters whose gradient is multiplied by an input `mask:<parameter>` of its shape. */
  masked: readonly string[];
  /** Parameters that are a change of the input `anchor:<parameter>`: decoupled decay shrinks the sum of both. */
  anchored: readonly string[];
}

/** An optimiser within bounds, as operators of the training graph. */
export function boundedRule(options: OptimiserOptions, { clamp, masked, anchored }: Bounds): UpdateRule {
  const rule = updateRule(options);
  const decays = options.kind === "adamw" && (options.weightDecay ?? 0.01) !== 0;
  return {
    ...rule,
    // The bounds are fed, so that a step can be one that cuts nothing.
    feeds: (step, lr) => ({ ...rule.feeds(step, lr), ...(clamp !== undefined && { low: -clamp, high: clamp }) }),
    still: { ...rule.still, ...(clamp !== undefined && { low: -Infinity, high: Infinity }) },
    constants: (parameter) => [
      ...(masked.includes(parameter) ? [maskName(parameter)] : []),
      ...(decays && anchored.includes(parameter) ? [anchorName(parameter)] : []),
    ],
    emit(g, call) {
      const { weight, next } = call;
      const gradient = masked.includes(weight) ? g.mul(call.gradient, maskName(weight)) : call.gradient;
      const anchor = decays && anchored.includes(weight);
      if (clamp === undefined && !anchor) return rule.emit(g, { ...call, gradient });
      const stepped = `${next.weight}:unbounded`;
      rule.emit(g, { ...call, gradient, next: { ...next, weight: stepped } });
      const pulled = anchor ? g.sub(stepped, g.mul(anchorName(weight), g.sub(g.scalar(1), "step:keep"))) : stepped;
      const bounds = clamp === undefined ? [] : ["step:low", "step:high"];
      g.op(bounds.length ? "Clip" : "Identity", [pulled, ...bounds], {}, next.weight);
    },
  };
}
