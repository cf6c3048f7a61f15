import type { GradientRule } from "./rule.ts";

/** x above zero, slope·x below; the slope may broadcast. */
export const pRelu: GradientRule = ({ g, x: [x, slope], y: [y], dy }) => {
  const negative = g.op("Less", [x, g.scalar(0, x)]);
  return [
    g.op("Where", [negative, g.mul(dy, slope), dy]),
    g.unbroadcast(g.only(negative, g.mul(dy, x), x), g.dims(y), slope),
  ];
};
