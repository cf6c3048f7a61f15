import { floatAttribute, intAttribute } from "../attributes.ts";
import { splitHeads } from "./attend.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering, LoweringCall } from "./lowering.ts";
import { rotate } from "./rotate.ts";

/** Input [batch, tokens, heads·size] or [batch, heads, tokens, size]; positions one a token, or one offset for all. */
export const rotaryEmbedding: Lowering = (call) => {
  const { g, node, x: [x, , cos, sin], y: [y] } = call; // prettier-ignore
  const rank = g.facts.rank(x!);
  if (rank === undefined)
    throw new LoweringError(node, "has an input of unknown rank", "Run ONNX shape inference on the file first");
  if (floatAttribute(node, "scale", 1) !== 1)
    throw new LoweringError(node, "scales its result", "Export the model with scaled caches");
  const rotatedSize = intAttribute(node, "rotary_embedding_dim", 0);
  const heads = intAttribute(node, "num_heads", 0);
  const flat = rank === 3;
  const split = flat ? splitHeads(g, x!, headCount(call, heads, rotatedSize)) : x!;
  const positions = positionsOf(call, split);
  const turned = rotate(g, split, {
    cos: g.op("Gather", [cos!, positions]),
    sin: g.op("Gather", [sin!, positions]),
    interleaved: intAttribute(node, "interleaved", 0) === 1,
    partial: rotatedSize > 0,
  });
  if (flat) g.op("Reshape", [g.transpose(turned, 0, 2, 1, 3), g.ints(0, 0, -1)], {}, y);
  else g.identity(turned, y!);
};

/** Without a rotated size, a head is as wide as both halves of a cache row; its count may then be left out. */
function headCount({ g, node, x: [x, , cos] }: LoweringCall, heads: number, rotatedSize: number): number {
  if (heads > 0) return heads;
  const [width, half] = [g.facts.size(x!, -1), g.facts.size(cos!, 1)];
  if (rotatedSize > 0 || !width || !half)
    throw new LoweringError(node, "does not say how many heads it has", "Set its attribute num_heads");
  return width / (2 * half);
}

function positionsOf({ g, x: [, given] }: LoweringCall, split: string): string {
  if (g.facts.rank(given!) !== 1) return given!;
  return g.unsqueeze(g.add(given!, g.range(g.size(split, 2))), 0);
}
