import { floatAttribute, intAttribute } from "../attributes.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

/** alpha·A'·B', where the last two axes of A and B may be swapped. */
export const fusedMatMul: Lowering = ({ g, node, x: [a, b], y: [y] }) => {
  if (intAttribute(node, "transBatchA", 0) || intAttribute(node, "transBatchB", 0))
    throw new LoweringError(node, "transposes batch axes", "Export the model without the optimiser's MatMul fusions");
  const alpha = floatAttribute(node, "alpha", 1);
  const left = intAttribute(node, "transA", 0) ? swapLastAxes(g, a!) : a!;
  const right = intAttribute(node, "transB", 0) ? swapLastAxes(g, b!) : b!;
  if (alpha === 1) g.matMul(left, right, y);
  else g.mul(g.matMul(left, right), g.scalar(alpha, g.type(a!)), y);
};

/** Where the rank is not known, the leading axes are flattened for the transposition and restored afterwards. */
function swapLastAxes(g: LoweringBuilder, x: string): string {
  const rank = g.facts.rank(x);
  if (rank === 1) return x;
  if (rank !== undefined) {
    const perm = [...Array(rank).keys()];
    return g.transpose(x, ...perm.slice(0, -2), rank - 1, rank - 2);
  }
  const shape = g.op("Shape", [x]);
  const [rows, columns] = [g.slice(shape, 0, -2, -1), g.slice(shape, 0, -1, 2 ** 31 - 1)];
  const flat = g.op("Reshape", [x, g.concat([g.ints(-1), rows, columns], 0)]);
  return g.op("Reshape", [g.transpose(flat, 0, 2, 1), g.concat([g.slice(shape, 0, 0, -2), columns, rows], 0)]);
}
