import type { GradientRule } from "./rule.ts";

/** Gradient of Max and Min: to the operands that equal the result, in equal shares where several do. */
export const extreme: GradientRule = ({ g, x, y: [y], dy }) => {
  const hits = x.map((operand) => g.cast(g.op("Equal", [operand, y]), g.type(y)));
  const share = g.div(
    dy,
    hits.reduce((sum, hit) => g.add(sum, hit)),
  );
  return x.map((operand, i) => g.unbroadcast(g.mul(share, hits[i]), g.dims(y), operand));
};
