import { throwIfCancelled } from "../errors.ts";
import type { Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

/**
 * A baseline that changes nothing: reliability is the base rate and locality exactly 1. Whoever reads locality alone is shown here that doing
 * nothing is best.
 *
 * Throws: NoCasesError.
 */
export function noOp(given: Record<string, never> = {}): Editor {
  const options = readOptions("no-op", {}, given);
  return {
    id: "no-op",
    summary: "baseline: changes nothing; reliability is the base rate, locality 1",
    needs: ["forward"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, { seed = 0, signal } = {}) {
      requireCases("no-op", cases);
      throwIfCancelled(signal, "no-op");
      return makeEdit(cases, [], { editor: "no-op", model: model.id, seed, options });
    },
  };
}
