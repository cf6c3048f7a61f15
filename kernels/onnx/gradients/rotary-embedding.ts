import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** Pairs of features are rotated by an angle of their position; the gradient is rotated back. The tables count as constants. */
export const rotaryEmbedding: GradientRule = ({ g, node, x: [, cos, sin, positions], dy }) => [
  g.op("RotaryEmbedding", [dy, cos, g.neg(sin), ...(positions ? [positions] : [])], {
    interleaved: intAttribute(node, "interleaved", 0),
    num_heads: intAttribute(node, "num_heads", 0),
    rotary_embedding_dim: intAttribute(node, "rotary_embedding_dim", 0),
  }),
];
