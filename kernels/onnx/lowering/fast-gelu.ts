import type { Lowering } from "./lowering.ts";

/** x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), of x + bias where there is one. */
export const fastGelu: Lowering = ({ g, x: [x, bias], y: [y] }) => {
  const k = (value: number) => g.scalar(value, g.type(x!));
  const sum = bias ? g.add(x!, bias) : x!;
  const cubic = g.add(g.mul(g.mul(sum, sum), k(0.044715)), k(1));
  const t = g.op("Tanh", [g.mul(g.mul(sum, k(Math.sqrt(2 / Math.PI))), cubic)]);
  g.mul(g.mul(sum, k(0.5)), g.add(t, k(1)), y);
};
