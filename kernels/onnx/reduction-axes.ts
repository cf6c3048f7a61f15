/** Reductions take their axes as an attribute up to some operator set and as an input afterwards: ReduceSum from 13, the others from 18. */
export const reductionTakesAxesInput = (opType: string, opset: number): boolean =>
  opset >= (opType === "ReduceSum" ? 13 : 18);
