import { random } from "../../kernels/random.ts";
import type { HardNegativeName } from "../hard-negative.ts";
import { normaliseAnswer, sameAnswer } from "../normalise-answer.ts";
import { recordSeed } from "../record-seed.ts";
import { negateQuestion } from "./negate-question.ts";
import type { Asked, VisualEdit } from "./visual-edit.ts";

/** A question with an answer that an edit of something else leaves as it is. */
export type AttributeQuestion = Asked;

/** What is kept of a record: enough to ask its question about its image. */
interface Entry {
  image: string;
  question: string;
  answer: string;
}

/**
 * Draws hard negatives for the records of one file from its other records. What a record draws depends on the seed, its place and the file
 * alone. The answers are the teacher-forced text of probes whose answer must not change; whether they are right does not matter there.
 */
export class NegativeIndex {
  private readonly byQuestion = new Map<string, Entry[]>();
  private readonly byImage = new Map<string, Entry[]>();

  constructor(
    private readonly shown: (edit: VisualEdit) => string,
    private readonly attribute: (edit: VisualEdit) => AttributeQuestion | undefined,
  ) {}

  add(edit: VisualEdit): void {
    const entry = { image: edit.image, question: edit.src, answer: this.shown(edit) };
    if (entry.answer.trim() === "") return;
    push(this.byQuestion, asked(edit.src), entry);
    push(this.byImage, edit.image, entry);
  }

  /** At most one of each name, in their order; for the others the notes say that the data do not allow one. */
  draw(edit: VisualEdit, seed: number, index: number): { negatives: VisualEdit["negatives"]; notes: string[] } {
    const stream = random(recordSeed(seed, index));
    const one = (from: readonly Entry[]) => (from.length ? stream.pick(from) : undefined);
    const mine = [edit.pred, edit.alt].filter((answer) => answer !== undefined).map(normaliseAnswer);
    const questions = [edit.src, edit.rephrase ?? edit.src].map(asked);
    const other = one(
      (this.byQuestion.get(asked(edit.src)) ?? []).filter(
        ({ image, answer }) => image !== edit.image && !mine.includes(normaliseAnswer(answer)),
      ),
    );
    const attribute = this.attribute(edit);
    const same =
      one((this.byImage.get(edit.image) ?? []).filter(({ question }) => !questions.includes(asked(question)))) ??
      (attribute && { image: edit.image, ...attribute });
    const negated = mine.some(isYesOrNo) ? undefined : negateQuestion(edit.src);
    const found: Partial<Record<HardNegativeName, Entry>> = {
      "same-question": other,
      "same-image": same,
      ...(edit.imageRephrase !== undefined &&
        attribute && { "other-attribute": { image: edit.imageRephrase, ...attribute } }),
      negated: negated === undefined ? undefined : { image: edit.image, question: negated, answer: this.shown(edit) },
    };
    const negatives: VisualEdit["negatives"] = [];
    const notes: string[] = [];
    for (const name of ["same-question", "same-image", "other-attribute", "negated"] as const) {
      const entry = found[name];
      if (entry) negatives.push({ name, unchanged: true, ...entry });
      else notes.push(`no hard negative "${name}": the data do not allow one`);
    }
    return { negatives, notes };
  }
}

const asked = (question: string) => question.trim().toLowerCase();
const isYesOrNo = (answer: string) => sameAnswer(answer, "yes") || sameAnswer(answer, "no");

function push(groups: Map<string, Entry[]>, key: string, entry: Entry): void {
  const group = groups.get(key);
  if (group) group.push(entry);
  else groups.set(key, [entry]);
}
