import { erf } from "./erf-value.ts";
import type { GradientBuilder } from "./gradient-builder.ts";

/** Appends dy · f'(x), given x and y = f(x). */
export type ActivationSlope = (g: GradientBuilder, x: string, y: string, dy: string) => string;

export interface Activation {
  value: (x: number) => number;
  slope: ActivationSlope;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const C = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** y = x·σ(αx): dy·(s + α·y·(1 - s)). */
const gated = (alpha: number): Activation => ({
  value: (x) => x * sigmoid(alpha * x),
  slope(g, x, y, dy) {
    const k = (value: number) => g.scalar(value, x);
    const s = g.op("Sigmoid", [alpha === 1 ? x : g.mul(x, k(alpha))]);
    const rest = g.mul(g.sub(k(1), s), y);
    return g.mul(dy, g.add(s, alpha === 1 ? rest : g.mul(rest, k(alpha))));
  },
});

/** GELU with tanh, which is x·σ(z) with z = 2c·(x + 0.044715·x³): dy·(s + y·(1 - s)·z'). */
export const geluTanh: Activation = {
  value: (x) => 0.5 * x * (1 + Math.tanh(C * (x + CUBIC * x ** 3))),
  slope(g, x, y, dy) {
    const k = (value: number) => g.scalar(value, x);
    const square = g.mul(x, x);
    const s = g.op("Sigmoid", [g.mul(x, g.add(g.mul(square, k(2 * C * CUBIC)), k(2 * C)))]);
    const inner = g.add(g.mul(square, k(6 * C * CUBIC)), k(2 * C));
    return g.mul(dy, g.add(s, g.mul(g.mul(g.sub(k(1), s), y), inner)));
  },
};

/** GELU, which is x·Φ(x): dy·(Φ(x) + x·φ(x)). */
export const geluExact: Activation = {
  value: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  slope(g, x, _, dy) {
    const k = (value: number) => g.scalar(value, x);
    const cumulative = g.mul(k(0.5), g.add(k(1), g.op("Erf", [g.mul(x, k(Math.SQRT1_2))])));
    const density = g.mul(k(1 / Math.sqrt(2 * Math.PI)), g.op("Exp", [g.mul(k(-0.5), g.mul(x, x))]));
    return g.mul(dy, g.add(cumulative, g.mul(x, density)));
  },
};

/** The activations that exporters write out in single operators. */
export const ACTIVATIONS: readonly Activation[] = [gated(1), gated(1.702), geluTanh, geluExact];
