import { stringAttribute } from "../attributes.ts";
import type { AttributeValue } from "../attributes.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** Gradient of a scatter: read back where the updates went; the data behind replaced elements receives nothing. */
export const scattered =
  (
    scatter: string,
    gather: string,
    attributesOf: (call: Parameters<GradientRule>[0]) => Record<string, AttributeValue>,
  ): GradientRule =>
  (call) => {
    const { g, node, x: [, index, updates], dy } = call; // prettier-ignore
    const attributes = attributesOf(call);
    const reduction = stringAttribute(node, "reduction", "none");
    if (reduction !== "none" && reduction !== "add")
      throw new UnsupportedGradientError(node, `combines by "${reduction}"`, "Choose sites after this node");
    return [
      reduction === "add" ? dy : g.op(scatter, [dy, index, g.zerosLike(updates)], attributes),
      undefined,
      g.op(gather, [dy, index], attributes),
    ];
  };
