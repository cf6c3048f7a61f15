/** How a node is emitted. */
type Emit = (opType: string, inputs: readonly string[], attributes?: { perm: number[] }) => string;

/**
 * What is known of values with their last two axes exchanged: ONNX Runtime reads factors of a product transposed at no cost but writes no
 * product so, which is why rules ask here instead of emitting Transpose nodes.
 */
export class ExchangedAxes {
  readonly #emit: Emit;
  /** Products of matrices to their factors, and values to the same with the last two axes exchanged, both ways. */
  readonly #products = new Map<string, readonly [a: string, rankA: number, b: string, rankB: number]>();
  readonly #exchanged = new Map<string, string>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Product of two values of at least two axes each. */
  product(a: string, rankA: number, b: string, rankB: number): string {
    const name = this.#emit("MatMul", [a, b]);
    this.#products.set(name, [a, rankA, b, rankB]);
    return name;
  }

  /** Says of two values that they are the same with the last two axes exchanged. */
  note(value: string, exchanged: string): void {
    this.#exchanged.set(value, exchanged).set(exchanged, value);
  }

  /** A value with its last two axes exchanged: what it was made from where that was exchanged already, and (A·B)ᵀ = Bᵀ·Aᵀ for a product. */
  of(value: string, rank: number): string {
    const known = this.#exchanged.get(value);
    if (known !== undefined) return known;
    const product = this.#products.get(value);
    const name = product ? this.#ofProduct(...product) : this.#emit("Transpose", [value], { perm: lastTwo(rank) });
    this.note(value, name);
    return name;
  }

  #ofProduct = (a: string, rankA: number, b: string, rankB: number): string =>
    this.product(this.of(b, rankB), rankB, this.of(a, rankA), rankA);
}

/** The permutation that exchanges the last two of `rank` axes. */
export function lastTwo(rank: number): number[] {
  const perm = [...Array(rank).keys()];
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return perm;
}
