import { requireKnown } from "../../nearest-name.ts";
import { adam } from "./adam.ts";
import type { AdamOptions } from "./adam.ts";
import { adamw } from "./adamw.ts";
import type { AdamWOptions } from "./adamw.ts";
import { sgd } from "./sgd.ts";
import type { SgdOptions } from "./sgd.ts";

/** The state of one parameter under optimisation. */
export interface Optimiser {
  /**
   * Takes one step: returns the change to add to the parameter, all arrays of the same length.
   *
   * `weight` is the parameter's present value (base weight plus edit), which decay pulls towards zero. `lr` replaces the step size for
   * this step, for schedules.
   */
  step(gradient: Float32Array, weight: Float32Array, lr?: number): Float32Array;
}

/** An optimiser by name with its settings; editors and training take the same. */
export type OptimiserOptions =
  ({ kind: "adam" } & AdamOptions) | ({ kind: "adamw" } & AdamWOptions) | ({ kind: "sgd" } & SgdOptions);

export const OPTIMISERS = ["adam", "adamw", "sgd"] as const satisfies readonly OptimiserOptions["kind"][];

/** A fresh optimiser for a parameter of `size` values. Throws: UnknownNameError for a kind that does not exist. */
export function optimiser(size: number, options: OptimiserOptions): Optimiser {
  switch (options.kind) {
    case "adam":
      return adam(size, options);
    case "adamw":
      return adamw(size, options);
    case "sgd":
      return sgd(size, options);
    default:
      options satisfies never;
      requireKnown("optimiser", (options as { kind: string }).kind, OPTIMISERS);
      throw new Error("internal: unhandled optimiser");
  }
}
