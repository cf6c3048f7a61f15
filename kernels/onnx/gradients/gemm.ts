import { floatAttribute, intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** y = alpha·A'·B' + beta·C, where A' and B' may be transposed. */
export const gemm: GradientRule = ({ g, node, x: [a, b, c], y: [y], dy }) => {
  const transA = intAttribute(node, "transA", 0);
  const transB = intAttribute(node, "transB", 0);
  const beta = floatAttribute(node, "beta", 1);
  const product = (left: string, right: string, turnLeft: number, turnRight: number) =>
    g.op("Gemm", [left, right], {
      alpha: { float: floatAttribute(node, "alpha", 1) },
      transA: turnLeft,
      transB: turnRight,
    });
  return [
    transA ? product(b, dy, transB, 1) : product(dy, b, 0, 1 - transB),
    transB ? product(dy, a, 1, transA) : product(a, dy, 1 - transA, 0),
    c ? g.unbroadcast(beta === 1 ? dy : g.mul(dy, g.scalar(beta, y)), g.dims(y), c) : undefined,
  ];
};
