import type { EditCase, Probe, ProbeKind } from "../../../datasets/case.ts";
import type { ProtocolFamily } from "./protocol.ts";
import { readCount, refuseWords } from "./read-words.ts";

/** What VLKEB measures after a gap, beside portability over one hop. */
const KINDS: readonly ProbeKind[] = [
  "reliability",
  "text-generality",
  "image-generality",
  "text-locality",
  "image-locality",
];

const measured = ({ kind, hop = 1 }: Probe) => KINDS.includes(kind) || (kind === "portability" && hop === 1);

/**
 * `gap:G`: one edit after another without restoring; once G other edits lie behind a case's own, its probes are asked. T tests take T + G
 * edits, whose last G are edits alone. Of the probes, those that VLKEB asks: reliability, generality, locality, one-hop portability.
 *
 * Source: VLKEB's sequential test (published: T = 200, G of 10, 20, 50 and 100), in evaluation mode throughout.
 */
export const gap: ProtocolFamily = {
  usage: "gap:G",
  summary: "one edit after another; each case is tested after G other edits",
  limit: "tests; G more cases are read, which are edits alone",
  needs: ["sequence"],
  make([word, ...rest], spelt) {
    const size = readCount(spelt, word, "number of edits in the gap", "gap:10");
    refuseWords(spelt, rest, "gap:G");
    return {
      id: `gap:${size}`,
      needs: ["sequence"],
      suffix: `@gap${size}`,
      weighting: "records",
      checkpoints: false,
      defaultLimit: 10,
      reads: (limit) => limit + size,
      tests: (cases) => Math.max(0, cases - size),
      includes: measured,
      async *steps(cases, { skip }) {
        const waiting: EditCase[] = [];
        for await (const each of cases) {
          yield { do: "edit", cases: [each] };
          waiting.push(each);
          if (waiting.length > size) yield { do: "probe", case: waiting.shift()! };
        }
        for (const _ of waiting) skip(`an edit alone: fewer than ${size} edits follow it`);
        yield { do: "restore" };
      },
    };
  },
};
