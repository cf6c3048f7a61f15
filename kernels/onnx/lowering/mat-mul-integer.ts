import { integerProduct } from "./integer-product.ts";
import type { Lowering } from "./lowering.ts";

/** Scales and zero points of the weight may vary by column. */
export const matMulInteger: Lowering = (call) =>
  integerProduct(call, -1, (values, matrix, output) => void call.g.matMul(values, matrix, output));
