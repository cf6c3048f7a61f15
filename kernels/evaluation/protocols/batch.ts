import type { EditCase } from "../../../datasets/case.ts";
import { numpyRandom } from "../../numpy-random.ts";
import { collected, groupsOf } from "./groups-of.ts";
import type { Protocol, ProtocolFamily, Step } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readCount, refuseWords } from "./read-words.ts";

const USAGE = "batch:N, batch:N:official or batch:N:recipe";

/** How the published forms differ from the plain one. */
const FORMS = {
  plain: { shuffled: false, whole: false, suffix: "", weighting: "records" },
  official: { shuffled: true, whole: false, suffix: ".equal-batches", weighting: "groups", order: "official" },
  recipe: { shuffled: true, whole: true, suffix: ".full-batches", weighting: "groups" },
} as const;
type Form = keyof typeof FORMS;

/**
 * `batch:N`: N cases in one edit, then all their probes, then back to the base model. A last, smaller batch is kept.
 *
 * The plain form takes the cases in the order in which they come and weighs every probe alike. `batch:N:official` does as MedREK's code: the
 * cases, which come in the official order already, are shuffled once more with the same seed (so the permutation acts twice), and every
 * batch weighs the same, a last batch of 55 as much as one of 100. `batch:N:recipe` does as RECIPE's by default: shuffled once, every batch
 * weighs the same, and a last, smaller batch is left out and counted.
 * Source: batch protocol of MedREK and RECIPE (metrics of the editor evaluation).
 * Example: 755 cases with batch:100:official give 8 batches, the last of which holds 55 cases and 1/8 of the weight.
 */
export const batch: ProtocolFamily = {
  usage: "batch:N[:official|:recipe]",
  summary: "N cases in one edit, all their probes, undo; published forms: shuffled, and every batch weighs the same",
  limit: "cases in all",
  needs: ["batch"],
  make([word, form, ...rest], spelt) {
    const size = readCount(spelt, word, "number of cases in a batch", "batch:10");
    refuseWords(spelt, rest, USAGE);
    if (form === undefined) return batches(size, "plain");
    if (form === "official" || form === "recipe") return batches(size, form);
    throw new ProtocolError(`protocol "${spelt}": "${form}" is no form of batches. Write ${USAGE}.`);
  },
};

function batches(size: number, form: Form): Protocol {
  const { shuffled, whole, suffix, weighting, ...more } = FORMS[form];
  return {
    id: `batch:${size}${form === "plain" ? "" : `:${form}`}`,
    needs: ["batch"],
    suffix: `@${size}${suffix}`,
    weighting,
    checkpoints: false,
    defaultLimit: Math.max(10, size),
    reads: (limit) => limit,
    tests: (cases) => (whole ? cases - (cases % size) : cases),
    ...more,
    async *steps(cases, { seed, skip }) {
      const ordered = shuffled ? numpyRandom(seed).shuffle(await collected(cases)) : cases;
      for await (const group of groupsOf<EditCase>(ordered, size)) {
        if (whole && group.length < size) {
          for (const _ of group) skip(`left over: not a full batch of ${size}`);
          return;
        }
        yield { do: "edit", cases: group } satisfies Step;
        for (const each of group) yield { do: "probe", case: each } satisfies Step;
        yield { do: "restore" } satisfies Step;
      }
    },
  };
}
