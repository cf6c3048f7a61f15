import type { EditCase } from "../../../datasets/case.ts";
import { collected } from "./groups-of.ts";
import type { Protocol, ProtocolFamily } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { refuseWords } from "./read-words.ts";

const USAGE = "edit-then-confuse, or edit-then-confuse:batch";

/**
 * `edit-then-confuse`: confusion pairs on the base model; all cases edited, one after another (`:batch`: in one edit); their probes; and the
 * same pairs again. It shows what editing does to telling look-alike images apart, beside whether the edits took.
 *
 * Source: a protocol of this project; the pairs and their scores are those of MediConfusion (arXiv 2409.15477), which measures no edits.
 */
export const editThenConfuse: ProtocolFamily = {
  usage: "edit-then-confuse[:batch]",
  summary: "confusion pairs before and after all cases are edited, one after another or in one batch",
  limit: "cases in all",
  needs: ["sequence"],
  forms: [
    { usage: "edit-then-confuse", needs: ["sequence"] },
    { usage: "edit-then-confuse:batch", needs: ["batch"] },
  ],
  make([form, ...rest], spelt) {
    refuseWords(spelt, rest, USAGE);
    if (form === undefined) return confuseAfter("edit-then-confuse", false);
    if (form === "batch") return confuseAfter("edit-then-confuse:batch", true);
    throw new ProtocolError(`protocol "${spelt}": "${form}" is no form of it. Write ${USAGE}.`);
  },
};

function confuseAfter(id: string, together: boolean): Protocol {
  return {
    id,
    needs: [together ? "batch" : "sequence"],
    suffix: together ? "@batch" : "@sequential",
    weighting: "records",
    checkpoints: true,
    asksPairs: true,
    defaultLimit: 10,
    reads: (limit) => limit,
    tests: (cases) => cases,
    async *steps(cases) {
      yield { do: "confuse" };
      const all: EditCase[] = await collected(cases);
      if (together && all.length) yield { do: "edit", cases: all };
      if (!together) for (const each of all) yield { do: "edit", cases: [each] };
      for (const each of all) yield { do: "probe", case: each };
      if (all.length) yield { do: "confuse" };
      yield { do: "restore" };
    },
  };
}
