import type { Tensor } from "../tensor.ts";
import { fromHalf } from "./lowering/half.ts";

/** Elements of a tensor as numbers; whole numbers beyond 2^53 are rounded. */
export const numbersOf = ({ type, data }: Tensor): number[] =>
  Array.from(data as Iterable<number | bigint>, type === "float16" ? (bits) => fromHalf(Number(bits)) : Number);
