import { UserFacingError } from "../../errors.ts";
import type { TensorType } from "../../tensor.ts";

/** A fixed size, or the name of a size that varies from run to run ("batch_size"). Equal names mean equal sizes. */
export type Dim = number | string;

/** A value of the graph under construction. */
export interface Value<T extends TensorType = TensorType> {
  readonly name: string;
  readonly type: T;
  readonly dims: readonly Dim[];
}

/** A single-precision value. */
export type Float = Value<"float32">;

/** Cause: an operator is given shapes that do not fit, or sizes that are unknown where they must be fixed. Handled by: the caller. */
export class ShapeError extends UserFacingError {}

export const showDims = (dims: readonly Dim[]): string => `[${dims.join(", ")}]`;

/** "hidden" [batch_size, 64]: how errors name a value. */
export const showValue = (value: Value): string => `"${value.name}" ${showDims(value.dims)}`;
