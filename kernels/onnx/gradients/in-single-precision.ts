import type { GradientRule } from "./rule.ts";

/**
 * The same rule for half-precision values, computed in float32: for rules that add many values up or take powers, where half precision
 * loses digits (11 bits) or overflows (above 65504) on the way to a result that fits. Gradients come back in the type of their values.
 */
export const inSinglePrecision =
  (rule: GradientRule): GradientRule =>
  (call) => {
    const { g, x, y, dy, dys } = call;
    const isHalf = (name: string | undefined) => !!name && g.type(name) === "float16";
    if (!x.some(isHalf)) return rule(call);
    const wide = (name: string) => (isHalf(name) ? g.widened(name) : name);
    const wideDys = dys.map((cotangent, i) => cotangent && (isHalf(y[i]) ? g.cast(cotangent, "float32") : cotangent));
    const first = dy === dys[0] && wideDys[0] !== undefined ? wideDys[0] : dy;
    const dxs = rule({
      ...call,
      x: x.map(wide),
      y: y.map((name) => (name ? wide(name) : name)),
      dy: first,
      dys: wideDys,
    });
    return dxs.map((dx, i) => dx && (isHalf(x[i]) ? g.cast(dx, "float16") : dx));
  };
