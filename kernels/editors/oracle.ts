import { throwIfCancelled } from "../errors.ts";
import type { LookupEntry } from "../models/lookup.ts";
import type { Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

/**
 * A baseline that cannot be beaten: a table of the wanted answers, and a router that sends exactly the probes that want one to it. It reads
 * the probes, which no editor may; it shows what a profile gives to perfection. Under teacher forcing the answer's tokens are certain in
 * the rows and in the ids that the profile scores (`ObserveOptions.labels`), so that no profile gives it less than 1 for its tokenisation.
 *
 * Source: the oracle table of the metric reference, with router. Throws: NoCasesError.
 */
export function oracle(given: Record<string, never> = {}): Editor {
  const options = readOptions("oracle", {}, given);
  return {
    id: "oracle",
    summary: "baseline: a table of the wanted answers, read from the probes; the upper bound of every profile",
    needs: ["forward"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, { seed = 0, signal } = {}) {
      requireCases("oracle", cases);
      throwIfCancelled(signal, "oracle");
      const table = cases.flatMap(({ id, image, question, target, probes }): LookupEntry[] => [
        line({ image, question }, target, id),
        ...probes.flatMap((probe) => ("answer" in probe.expect ? [line(probe, probe.expect.answer, id)] : [])),
      ]);
      return makeEdit(cases, [{ kind: "lookup", table }], { editor: "oracle", model: model.id, seed, options });
    },
  };
}

const line = (
  { image, question }: Pick<LookupEntry, "question"> & { image?: { id: string } },
  answer: string,
  id: string,
) => ({
  ...(image && { image: image.id }),
  question,
  answer,
  case: id,
});
