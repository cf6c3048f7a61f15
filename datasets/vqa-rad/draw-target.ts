import type { Random } from "../../kernels/random.ts";
import { groupBy } from "../group-by.ts";
import { normaliseAnswer } from "../normalise-answer.ts";
import type { VqaRadRecord } from "./record.ts";

/**
 * Prepares the drawing of counterfactual targets: for a record, an answer that others gave to a question of the same type and of the
 * same answer type (open or closed), different from the record's own answer.
 *
 * A yes/no question gets the opposite. Otherwise the most similar kind that exists is used: an answer that the very same question has
 * elsewhere; else one for the same organ, of the same form (number or words) and nearly the same length; else the same form; else any.
 * Within a kind every distinct answer is equally likely, and it is spelt as it is most often spelt in the records.
 * Returns undefined where no other answer of the question's type exists.
 */
export function targetDrawer(
  records: readonly VqaRadRecord[],
): (record: VqaRadRecord, random: Random) => string | undefined {
  const answers = records.map(readAnswer);
  const spelling = commonSpelling(answers);
  return (record, random) => {
    const own = readAnswer(record);
    const others = answers.filter(
      ({ record: other, form }) =>
        form !== own.form &&
        other.closed === record.closed &&
        other.questionTypes.some((type) => record.questionTypes.includes(type)),
    );
    const sameShape = others.filter(({ shape }) => shape === own.shape);
    const tiers = [
      own.shape === "yes/no" ? sameShape : [],
      sameShape.filter(({ question }) => question === own.question),
      sameShape.filter(({ record: other, words }) => other.organ === record.organ && Math.abs(words - own.words) <= 1),
      sameShape,
      others,
    ];
    const tier = tiers.find((candidates) => candidates.length > 0);
    if (!tier) return undefined;
    return spelling.get(random.pick([...new Set(tier.map(({ form }) => form))]));
  };
}

interface Answer {
  record: VqaRadRecord;
  /** The answer and its question in normal form. */
  form: string;
  question: string;
  shape: "yes/no" | "number" | "words";
  words: number;
}

function readAnswer(record: VqaRadRecord): Answer {
  const form = normaliseAnswer(record.answer);
  const yesNo = form === "yes" || form === "no";
  const shape = yesNo ? "yes/no" : /^\d[\d ]*$/.test(form) ? "number" : "words";
  return { record, form, question: normaliseAnswer(record.question), shape, words: form.split(" ").length };
}

function commonSpelling(answers: Answer[]): Map<string, string> {
  const spelling = new Map<string, string>();
  for (const [form, group] of groupBy(answers, (answer) => answer.form)) {
    const counts = groupBy(group, ({ record }) => record.answer.replace(/\s+/g, " "));
    const [most] = [...counts].reduce((a, b) => (b[1].length > a[1].length ? b : a));
    spelling.set(form, most);
  }
  return spelling;
}
