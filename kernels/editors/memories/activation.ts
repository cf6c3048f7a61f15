/** A nonlinearity of an MLP, with its derivative. */
export interface Activation {
  value(x: number): number;
  slope(x: number): number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const cumulative = (x: number) => (1 + erf(x / Math.SQRT2)) / 2;

/** x times the sigmoid of x scaled: SiLU and its relatives. */
const gated = (scale: number): Activation => ({
  value: (x) => x * sigmoid(scale * x),
  slope: (x) => sigmoid(scale * x) * (1 + scale * x * (1 - sigmoid(scale * x))),
});

const C = Math.sqrt(2 / Math.PI);
const bent = (x: number) => Math.tanh(C * (x + 0.044715 * x ** 3));

/** The activations that configurations of published models name, by those names. */
export const activations = {
  gelu: { value: (x) => x * cumulative(x), slope: (x) => cumulative(x) + x * density(x) },
  gelu_new: {
    value: (x) => (x * (1 + bent(x))) / 2,
    slope: (x) => (1 + bent(x)) / 2 + (x * (1 - bent(x) ** 2) * C * (1 + 3 * 0.044715 * x * x)) / 2,
  },
  quick_gelu: gated(1.702),
  relu: { value: (x) => Math.max(x, 0), slope: (x) => Number(x > 0) },
  silu: gated(1),
} satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;

/** Error function to double precision: 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose terms all have the sign of x. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, 0];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
