import { gradientName, makeValueInfo } from "../../onnx/index.ts";
import type { OnnxModel } from "../../onnx/index.ts";
import { withGraph } from "../../onnx/graph.ts";
import type { ClipOptions } from "../optimisers/clip.ts";
import { NodeList } from "./node-list.ts";
import type { UpdateRule } from "./update-rule.ts";

export const slotName = (parameter: string, slot: string): string => `${slot}:${parameter}`;
export const nextName = (value: string): string => `next:${value}`;

const NORM = "grad_norm";

/**
 * Turns a gradient graph into one that also takes the optimiser's step: for every parameter it reads the value and its slots as
 * inputs and gives their next values as outputs, so that nothing of a parameter's size has to leave the engine between steps.
 *
 * Outputs: the loss, `next:` of everything updated, and `grad_norm` (over all gradients, after clipping by value and before scaling) where
 * `norm` or a bound on it asks for it.
 */
export function trainingGraph(
  gradients: OnnxModel,
  parameters: ReadonlyMap<string, readonly number[]>,
  rule: UpdateRule,
  clip: ClipOptions = {},
  norm = true,
): OnnxModel {
  const { graph } = gradients;
  const g = new NodeList("update:");
  const bounded = new Map<string, string>();
  for (const name of parameters.keys()) {
    const gradient = gradientName(name);
    const limits = clip.value === undefined ? [] : [g.scalar(-clip.value), g.scalar(clip.value)];
    bounded.set(name, limits.length ? g.op("Clip", [gradient, ...limits]) : gradient);
  }
  const measured = norm || clip.norm !== undefined;
  if (measured) {
    const squares = [...bounded.values()].map((gradient) => g.op("ReduceSumSquare", [gradient], { keepdims: 0 }));
    g.op("Sqrt", [squares.length === 1 ? squares[0] : g.op("Sum", squares)], {}, NORM);
  }
  // min(1, limit / norm); a zero gradient gives infinity, of which the minimum is 1.
  const share = clip.norm === undefined ? undefined : g.op("Min", [g.div(g.scalar(clip.norm), NORM), g.scalar(1)]);
  for (const [name, gradient] of bounded)
    rule.emit(g, {
      weight: name,
      gradient: share ? g.mul(gradient, share) : gradient,
      slots: rule.slots.map((slot) => slotName(name, slot)),
      next: { weight: nextName(name), slots: rule.slots.map((slot) => nextName(slotName(name, slot))) },
    });
  const values = [...parameters].flatMap(([name, dims]) =>
    rule.slots.map((slot) => [slotName(name, slot), dims] as const),
  );
  const constants = [...parameters].flatMap(([name, dims]) =>
    (rule.constants?.(name) ?? []).map((constant) => makeValueInfo(constant, "float32", dims)),
  );
  const hidden = new Set([...parameters.keys()].map(gradientName));
  return withGraph(gradients, {
    node: [...graph.node, ...g.nodes],
    initializer: [...graph.initializer, ...g.initializers],
    input: [
      ...graph.input,
      ...values.map(([name, dims]) => makeValueInfo(name, "float32", dims)),
      ...constants,
      ...Object.keys(rule.feeds(1, 1)).map((name) => makeValueInfo(`step:${name}`, "float32", [])),
    ],
    output: [
      ...graph.output.filter((output) => !hidden.has(output.name)),
      ...(measured ? [makeValueInfo(NORM, "float32", [])] : []),
      ...[...parameters, ...values].map(([name, dims]) => makeValueInfo(nextName(name), "float32", dims)),
    ],
  });
}
