import type { EditCase } from "../../../datasets/case.ts";
import type { Protocol, ProtocolFamily } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readCount, refuseWords } from "./read-words.ts";

/**
 * `sequential`: one edit after another without restoring; after 1, 10, 50, 100, 500, 1,000, ... edits, and after the last, all probes of
 * all cases edited so far. `sequential:A,B,...` names the checkpoints itself; the last edit always is one.
 *
 * Numbers of different checkpoints are rows of their own, with `edits`. All edited cases stay in memory: they are asked again.
 * Source: sequential editing of MedREK and EasyEdit (N edits without restoring, then all probes of all N); the checkpoints are ours.
 */
export const sequential: ProtocolFamily = {
  usage: "sequential[:A,B,...]",
  summary:
    "one edit after another; after 1, 10, 50, 100, 500, ... (or A, B, ...) and all edits, all cases so far are tested",
  limit: "cases in all",
  needs: ["sequence"],
  make([list, ...rest], spelt) {
    refuseWords(spelt, rest, "sequential or sequential:1,10,50");
    if (list === undefined) return sequence("sequential", usual);
    const read = (word: string) => readCount(spelt, word, "number of edits", "sequential:1,10,50");
    const points = list.split(",").map(read);
    if (points.some((point, i) => i > 0 && point <= points[i - 1]))
      throw new ProtocolError(
        `protocol "${spelt}": the checkpoints do not rise. Write for example sequential:1,10,50.`,
      );
    return sequence(`sequential:${points.join(",")}`, (edits) => points.includes(edits));
  },
};

/** 1, 10, 50, 100, 500, 1,000, ... */
const usual = (edits: number) => edits === 1 || /^(10|50?0)0*$/.test(String(edits));

function sequence(id: string, isCheckpoint: (edits: number) => boolean): Protocol {
  return {
    id,
    needs: ["sequence"],
    suffix: "@sequential",
    weighting: "records",
    checkpoints: true,
    defaultLimit: 10,
    reads: (limit) => limit,
    tests(cases) {
      let tests = 0;
      for (let edits = 1; edits <= cases; edits++) if (edits === cases || isCheckpoint(edits)) tests += edits;
      return tests;
    },
    async *steps(cases) {
      const edited: EditCase[] = [];
      const probeAll = () => edited.map((each) => ({ do: "probe", case: each }) as const);
      for await (const each of cases) {
        yield { do: "edit", cases: [each] };
        edited.push(each);
        if (isCheckpoint(edited.length)) yield* probeAll();
      }
      if (edited.length && !isCheckpoint(edited.length)) yield* probeAll();
      yield { do: "restore" };
    },
  };
}
