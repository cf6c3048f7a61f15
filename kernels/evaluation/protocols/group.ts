import { groupsOf } from "./groups-of.ts";
import type { ProtocolFamily } from "./protocol.ts";
import { readCount, refuseWords } from "./read-words.ts";

/**
 * `group:N`: N single edits one after another, then all probes of all N, then back to the base model; and the next N.
 *
 * Cases left over after the last full group are not tested and are counted: after three edits a model is not in the state after ten.
 * Source: LiveEdit's test with N of 1, 10, 100 and 1000; RECIPE's sequential test (partial group discarded, mean over records).
 */
export const group: ProtocolFamily = {
  usage: "group:N",
  summary: "N single edits one after another, all their probes, undo; a smaller last group is left out",
  limit: "cases in all",
  needs: ["sequence"],
  make([word, ...rest], spelt) {
    const size = readCount(spelt, word, "number of cases in a group", "group:10");
    refuseWords(spelt, rest, "group:N");
    return {
      id: `group:${size}`,
      needs: size > 1 ? ["sequence"] : [],
      suffix: `@group${size}`,
      weighting: "records",
      checkpoints: false,
      defaultLimit: Math.max(10, size),
      reads: (limit) => limit,
      tests: (cases) => cases - (cases % size),
      async *steps(cases, { skip }) {
        for await (const members of groupsOf(cases, size)) {
          if (members.length < size) {
            for (const _ of members) skip(`left over: not a full group of ${size}`);
            return;
          }
          for (const each of members) yield { do: "edit", cases: [each] };
          for (const each of members) yield { do: "probe", case: each };
          yield { do: "restore" };
        }
      },
    };
  },
};
