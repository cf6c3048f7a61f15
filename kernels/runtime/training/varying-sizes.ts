import { declared, feedInputs } from "../../onnx/index.ts";
import type { OnnxModel } from "../../onnx/index.ts";

/** A size for every varying axis, all of 2 or more and neighbouring ones different, so that a trace tells them apart. */
export function varyingSizes(model: OnnxModel, given: Record<string, number> = {}): Record<string, number> {
  const sizes: Record<string, number> = { ...given };
  let next = 2;
  for (const input of feedInputs(model))
    for (const dim of declared(input).dims ?? []) if (typeof dim === "string" && !(dim in sizes)) sizes[dim] = next++;
  return sizes;
}
