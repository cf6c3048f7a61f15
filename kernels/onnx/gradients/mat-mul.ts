import type { GradientRule } from "./rule.ts";

/** da = dy·bᵀ and db = aᵀ·dy, summed over broadcast leading axes. Vectors count as a row on the left and a column on the right. */
export const matMul: GradientRule = ({ g, x: [a, b], y: [y], dy }) => {
  const [rankA, rankB] = [g.rank(a), g.rank(b)];
  if (rankA >= 2 && rankB === 2) {
    // The form x·W: Gemm over the flattened leading axes needs neither a transposed copy of W nor a batch of products to sum.
    const flat = (value: string, rank: number) => (rank === 2 ? value : g.op("Flatten", [value], { axis: rank - 1 }));
    const dyFlat = flat(dy, rankA);
    const da = g.op("Gemm", [dyFlat, b], { transB: 1 });
    return [rankA === 2 ? da : g.reshapeLike(da, a), g.op("Gemm", [flat(a, rankA), dyFlat], { transA: 1 })];
  }
  const row = rankA === 1;
  const column = rankB === 1;
  const matrixA = row ? g.op("Unsqueeze", [a, g.ints([0])]) : a;
  const matrixB = column ? g.op("Unsqueeze", [b, g.ints([1])]) : b;
  const dimsA = row ? [1, ...g.dims(a)] : [...g.dims(a)];
  const dimsB = column ? [...g.dims(b), 1] : [...g.dims(b)];
  const leading = g.dims(y).slice(0, g.rank(y) - (row ? 0 : 1) - (column ? 0 : 1));
  // From the inside out, so that both positions mean the same before and after.
  let dyMatrix = column ? g.op("Unsqueeze", [dy, g.ints([-1])]) : dy;
  if (row) dyMatrix = g.op("Unsqueeze", [dyMatrix, g.ints([-2])]);
  const rankY = leading.length + 2;
  const da = g.exchanged.product(dyMatrix, rankY, g.exchanged.of(matrixB, dimsB.length), dimsB.length);
  const db = g.exchanged.product(g.exchanged.of(matrixA, dimsA.length), dimsA.length, dyMatrix, rankY);
  const back = (gradient: string, matrixDims: readonly number[], x: string, vector: boolean) => {
    if (!vector) return g.unbroadcast(gradient, [...leading, ...matrixDims.slice(-2)], x);
    // A vector takes part in every leading position; its gradient has one axis of size 1 more than it.
    return g.reshapeLike(leading.length ? g.sum(gradient, [...leading.keys()]) : gradient, x);
  };
  return [back(da, dimsA, a, row), back(db, dimsB, b, column)];
};
