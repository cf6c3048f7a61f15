import { isFloat } from "../element-type.ts";
import type { GradientRule } from "./rule.ts";

/** Between float types the gradient goes back to the input's own type; to or from other types none flows. */
export const cast: GradientRule = ({ g, x: [x], y: [y], dy }) => {
  if (!isFloat(g.type(x)) || !isFloat(g.type(y))) return [undefined];
  return [g.type(x) === g.type(y) ? dy : g.cast(dy, g.type(x))];
};
