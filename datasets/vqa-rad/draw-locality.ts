import type { Random } from "../../kernels/random.ts";
import type { Probe } from "../case.ts";
import { groupBy } from "../group-by.ts";
import { normaliseAnswer } from "../normalise-answer.ts";
import type { VqaRadRecord } from "./record.ts";

/**
 * Prepares the drawing of locality probes: what an edit of one image's answer must leave unchanged.
 *
 * - "same-question": the edited question about another image of the same organ and modality, one for which the records hold that
 *   question if there is one (its answer is then the context), else any (the context is then the case's original answer).
 * - "other-question": a question that is neither the edited one nor a rewording of it, about a third image, with its own answer as context.
 *
 * Neither image is ever the edited one. A probe is left out where no such image exists.
 */
export function localityDrawer(
  records: readonly VqaRadRecord[],
): (record: VqaRadRecord, rewordings: readonly VqaRadRecord[], random: Random) => Probe[] {
  const byQuestion = groupBy(records, ({ question }) => normaliseAnswer(question));
  const byKind = groupBy(records, kindOf);
  const freeform = records
    .filter(({ phraseType }) => phraseType === "freeform")
    .map((other) => ({ other, form: normaliseAnswer(other.question) }));
  return (record, rewordings, random) => {
    const elsewhere = (other: VqaRadRecord) => other.image.id !== record.image.id;
    const probes: Probe[] = [];

    const sameKind = (other: VqaRadRecord) => elsewhere(other) && kindOf(other) === kindOf(record);
    const asked = (byQuestion.get(normaliseAnswer(record.question)) ?? []).filter(sameKind);
    const neighbours = asked.length > 0 ? asked : (byKind.get(kindOf(record)) ?? []).filter(elsewhere);
    if (neighbours.length > 0) {
      const other = pickByImage(neighbours, random);
      const context = asked.length > 0 ? other.answer : record.answer;
      probes.push({
        kind: "image-locality",
        name: "same-question",
        image: other.image,
        question: record.question,
        expect: { unchanged: true, context },
      });
    }

    const close = new Set([record, ...rewordings].map(({ question }) => normaliseAnswer(question)));
    const taken = new Set([record.image.id, ...probes.map(({ image }) => image?.id)]);
    const unrelated = freeform.filter(({ other, form }) => !taken.has(other.image.id) && !close.has(form));
    if (unrelated.length > 0) {
      const { other } = random.pick(unrelated);
      probes.push({
        kind: "image-locality",
        name: "other-question",
        image: other.image,
        question: other.question,
        expect: { unchanged: true, context: other.answer },
      });
    }
    return probes;
  };
}

const kindOf = ({ organ, modality }: VqaRadRecord) => `${organ} ${modality}`;

/** Every image is equally likely, however many records it has. */
const pickByImage = (records: VqaRadRecord[], random: Random): VqaRadRecord =>
  random.pick([...groupBy(records, ({ image }) => image.id).values()])[0];
