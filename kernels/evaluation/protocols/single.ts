import type { ProtocolFamily } from "./protocol.ts";
import { refuseWords } from "./read-words.ts";

/**
 * `single`: for every case all its probes on the base model, one edit, all probes on the edited view, undo.
 *
 * Source: the usual single-edit protocol (pristine base output for all probes, edit, all probes, undo).
 */
export const single: ProtocolFamily = {
  usage: "single",
  summary: "one edit, all its probes, undo",
  limit: "cases",
  needs: [],
  make(words, spelt) {
    refuseWords(spelt, words, "single");
    return {
      id: "single",
      needs: [],
      suffix: "",
      weighting: "records",
      checkpoints: false,
      defaultLimit: 10,
      reads: (limit) => limit,
      tests: (cases) => cases,
      async *steps(cases) {
        for await (const each of cases) {
          yield { do: "edit", cases: [each] };
          yield { do: "probe", case: each };
          yield { do: "restore" };
        }
      },
    };
  },
};
