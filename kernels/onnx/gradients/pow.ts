import { isFloat } from "../element-type.ts";
import type { GradientRule } from "./rule.ts";

/** d/dx = p·x^(p-1); d/dp = y·log x, taken as 0 where x is not positive and the logarithm does not exist. */
export const pow: GradientRule = (call) => {
  const {
    g,
    x: [x, exponent],
    y: [y],
    dy,
  } = call;
  const dims = g.dims(y);
  const toExponent = () => {
    const slope = g.only(g.op("Greater", [x, g.scalar(0, x)]), g.mul(y, g.op("Log", [x])), x);
    const gradient = g.unbroadcast(g.mul(dy, slope), dims, exponent);
    return g.type(exponent) === g.type(x) ? gradient : g.cast(gradient, g.type(exponent));
  };
  return [g.unbroadcast(g.mul(dy, slopeInBase(call)), dims, x), isFloat(g.type(exponent)) ? toExponent() : undefined];
};

function slopeInBase({ g, x: [x, exponent], y: [y] }: Parameters<GradientRule>[0]): string {
  const values = g.constant(exponent);
  // Constant squares (every RMS norm has one) need no power: GPUs compute it with logarithms, which fail for negative x.
  if (values?.length === 1 && values[0] === 2) return g.mul(g.scalar(2, x), x);
  if (values?.length === 1 && values[0] === 3) return g.mul(g.scalar(3, x), g.mul(x, x));
  if (values?.length === 1 && values[0] === 0.5) return g.div(g.scalar(0.5, x), y);
  const p = g.type(exponent) === g.type(x) ? exponent : g.cast(exponent, g.type(x));
  return g.mul(p, g.op("Pow", [x, g.sub(p, g.scalar(1, x))]));
}
