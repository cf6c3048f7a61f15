import type { Matrix } from "ml-matrix";
import { lowRankUpdate, type LowRankUpdate } from "./weight-update.ts";

/**
 * How an update reaches the weight. `corrected` transposes by the weight's declared layout. `official` repeats what the released ROME,
 * R-ROME, MEMIT, EMMET and AlphaEdit do: they match shapes alone, so that a square weight which is stored [out, in] takes the update
 * the wrong way round.
 */
export interface WriteVariant {
  /** Default "corrected". */
  variant?: "official" | "corrected";
  /** How the official implementation stores this weight: linear layers "out-in", GPT-2's convolutions "in-out". Default "out-in". */
  storedAs?: "out-in" | "in-out";
}

/**
 * The update that factors a [in, rank], b [rank, out] become under a variant: themselves, or their transpose where the official code errs.
 *
 * Source: EasyEdit, `upd_matrix_match_shape` (behaviour reproduced).
 */
export function writeUpdate(a: Matrix, b: Matrix, { variant, storedAs = "out-in" }: WriteVariant = {}): LowRankUpdate {
  const transposed = variant === "official" && storedAs === "out-in" && a.rows === b.columns;
  return transposed ? lowRankUpdate(b.transpose(), a.transpose()) : lowRankUpdate(a, b);
}
