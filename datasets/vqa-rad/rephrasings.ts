import { normaliseAnswer, sameAnswer } from "../normalise-answer.ts";
import type { VqaRadRecord } from "./record.ts";

/**
 * The rewordings of each freeform question, best first: the paired `para`, then the `frame` form; none that reads the same.
 *
 * The published JSON lost the link between a question and its rewording, but kept their order: a head (freeform or para) is directly
 * followed by its own frame, and the para stands directly before or after the freeform question, on the same image, with the same
 * answer. In the training file that leaves no para between two candidates; a shared question type is asked for as well, because the
 * 26 neighbours without one are partly other questions ("Are the sinuses abnormal?" beside "Is there infiltrate in the sinuses?").
 */
export function rephrasings(records: readonly VqaRadRecord[]): Map<VqaRadRecord, VqaRadRecord[]> {
  const units = unitsOf(records);
  const found = new Map<VqaRadRecord, VqaRadRecord[]>();
  units.forEach((unit, i) => {
    const head = unit[0];
    if (head.phraseType !== "freeform") return;
    const before = units[i - 1];
    const after = units[i + 1];
    const neighbours = [
      ...(after && follows(last(unit), after[0]) ? [after] : []),
      ...(before && follows(last(before), head) ? [before] : []),
    ].filter(
      ([other]) => other.phraseType === "para" && other.questionTypes.some((type) => head.questionTypes.includes(type)),
    );
    const paras = neighbours.slice(0, 1).map(([para]) => para);
    const frames = [unit, ...neighbours.slice(0, 1)].flatMap((group) => group.slice(1));
    const asked = new Set([normaliseAnswer(head.question)]);
    const different = [...paras, ...frames].filter(({ question }) => {
      const form = normaliseAnswer(question);
      return !asked.has(form) && asked.add(form);
    });
    found.set(head, different);
  });
  return found;
}

/** A head and its frame, where that follows directly. */
function unitsOf(records: readonly VqaRadRecord[]): VqaRadRecord[][] {
  const units: VqaRadRecord[][] = [];
  for (const record of [...records].sort((a, b) => a.qid - b.qid)) {
    const unit = units.at(-1);
    if (
      record.phraseType === "frame" &&
      unit?.length === 1 &&
      unit[0].phraseType !== "frame" &&
      follows(unit[0], record)
    )
      unit.push(record);
    else units.push([record]);
  }
  return units;
}

const follows = (a: VqaRadRecord, b: VqaRadRecord) =>
  a.qid + 1 === b.qid && a.image.id === b.image.id && sameAnswer(a.answer, b.answer);

const last = (unit: VqaRadRecord[]) => unit[unit.length - 1];
