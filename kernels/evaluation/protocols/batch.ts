import type { EditCase } from "../../../datasets/case.ts";
import { numpyRandom } from "../../numpy-random.ts";
import { collected, groupsOf } from "./groups-of.ts";
import type { Protocol, ProtocolFamily, Step } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readCount, refuseWords } from "./read-words.ts";

const USAGE = "batch:N, or batch:N:official";

/**
 * `batch:N`: N cases in one edit, then all their probes, then back to the base model. A last, smaller batch is kept.
 *
 * The plain form takes the cases in the order in which they come and weighs every probe alike. `batch:N:official` does as the published
 * code: the cases, which come in the official order already, are shuffled once more with the same seed (so the permutation acts twice), and
 * every batch weighs the same, a last batch of 55 as much as one of 100.
 * Source: batch protocol of MedREK and RECIPE (metrics of the editor evaluation).
 * Example: 755 cases with batch:100:official give 8 batches, the last of which holds 55 cases and 1/8 of the weight.
 */
export const batch: ProtocolFamily = {
  usage: "batch:N[:official]",
  summary: "N cases in one edit, all their probes, undo; official: shuffled twice, and every batch weighs the same",
  limit: "cases in all",
  needs: ["batch"],
  make([word, form, ...rest], spelt) {
    const size = readCount(spelt, word, "number of cases in a batch", "batch:10");
    refuseWords(spelt, rest, USAGE);
    if (form !== undefined && form !== "official")
      throw new ProtocolError(`protocol "${spelt}": "${form}" is no form of batches. Write ${USAGE}.`);
    return batches(size, form === "official");
  },
};

function batches(size: number, official: boolean): Protocol {
  return {
    id: `batch:${size}${official ? ":official" : ""}`,
    needs: ["batch"],
    suffix: `@${size}${official ? ".equal-batches" : ""}`,
    weighting: official ? "groups" : "records",
    checkpoints: false,
    defaultLimit: Math.max(10, size),
    reads: (limit) => limit,
    tests: (cases) => cases,
    ...(official && { order: "official" as const }),
    async *steps(cases, { seed }) {
      const ordered = official ? numpyRandom(seed).shuffle(await collected(cases)) : cases;
      for await (const group of groupsOf<EditCase>(ordered, size)) {
        yield { do: "edit", cases: group } satisfies Step;
        for (const each of group) yield { do: "probe", case: each } satisfies Step;
        yield { do: "restore" } satisfies Step;
      }
    },
  };
}
