import type { ImageRef } from "../../../datasets/case.ts";
import type { VqaRecord } from "../../../datasets/vqa-record.ts";
import { throwIfCancelled } from "../../errors.ts";
import { currentHost } from "../../host.ts";
import type { Model } from "../../models/model.ts";
import type { DeviceReport } from "../../runtime/device.ts";
import { random } from "../../random.ts";
import { EmptySetError } from "../empty-set-error.ts";
import { matchesExactly } from "./answer-form.ts";
import { withBlankImage } from "../../models/blank-image.ts";
import { majorityAnswer } from "./majority-answer.ts";
import { tokenRecall } from "./token-recall.ts";
import { type VqaRow, vqaRows } from "./vqa-rows.ts";

/** What is needed of a record. */
export type VqaQuestion = Pick<
  VqaRecord,
  "id" | "benchmark" | "split" | "image" | "question" | "answer" | "closed" | "lang"
>;

/** Whose answers a number is about: the model's; its answers about another record's image, or about a grey one; the majority of training answers. */
export type VqaCondition = "model" | "shuffled-image" | "blank-image" | "question-majority";

export interface VqaAnswer {
  id: string;
  image: string;
  closed: boolean;
  wanted: string;
  said: string;
  exact: boolean;
  /** Of open questions: share of the wanted words that were said. */
  recall: number | null;
}

export interface VqaEvaluation {
  model: string;
  edits: string[];
  benchmark: string;
  split: string;
  comparable_group: string;
  seed: number;
  device: DeviceReport;
  rows: VqaRow[];
  answers: Partial<Record<VqaCondition, VqaAnswer[]>>;
}

export interface VqaOptions {
  /** Records whose answers make the question majority. */
  training?: readonly Pick<VqaRecord, "question" | "answer">[];
  /** Whether the model is also asked about another record's image and about a grey one. Default false. */
  controls?: boolean;
  /** Of the shuffled images and the intervals. Default 0. */
  seed?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Asks a model every question, greedily, and compares with the benchmark's answers.
 *
 * A score says little alone: `controls` and `training` show how far the model gets without the image.
 * Throws: EmptySetError without questions; CancelledError; what the model throws.
 */
export async function evaluateVqa(
  model: Model,
  questions: readonly VqaQuestion[],
  options: VqaOptions = {},
): Promise<VqaEvaluation> {
  const { training, controls = false, seed = 0, signal = currentHost()?.signal } = options;
  const [first] = questions;
  if (!first)
    throw new EmptySetError(
      `${model.id}: there is no question to ask. Raise the limit, or see what the reader skipped.`,
    );
  const report = options.onProgress ?? ((done, total) => currentHost()?.progress("questions", done, total));
  const total = questions.length * (controls ? 3 : 1);
  let done = 0;
  const ask = async (image: (i: number) => ImageRef): Promise<VqaAnswer[]> => {
    const answers: VqaAnswer[] = [];
    for (const [i, question] of questions.entries()) {
      throwIfCancelled(signal, "asking questions");
      report(done++, total);
      answers.push(judged(question, await model.answer({ image: image(i), question: question.question }, { signal })));
    }
    return answers;
  };
  const answers: VqaEvaluation["answers"] = { model: await ask((i) => questions[i].image) };
  if (controls) {
    const others = otherImages(questions, seed);
    answers["shuffled-image"] = await ask((i) => others[i]);
    answers["blank-image"] = await withBlankImage((blank) => ask(() => blank));
  }
  if (training) {
    const majority = majorityAnswer(training);
    answers["question-majority"] = questions.map((question) => judged(question, majority(question.question)));
  }
  report(total, total);
  const comparable_group = `vqa.gen.exact-norm.${first.benchmark.replaceAll("/", "-")}.${first.lang}`;
  return {
    model: model.id,
    edits: model.edits.map(({ id }) => id),
    benchmark: first.benchmark,
    split: first.split,
    comparable_group,
    seed,
    device: model.device,
    rows: vqaRows(answers, { comparable_group, seed }),
    answers,
  };
}

const judged = ({ id, image, closed, answer }: VqaQuestion, said: string): VqaAnswer => ({
  id,
  image: image.id,
  closed,
  wanted: answer,
  said,
  exact: matchesExactly(said, answer),
  recall: closed ? null : tokenRecall(said, answer),
});

/** For every question the image of another one, a different image wherever there are two. */
function otherImages(questions: readonly VqaQuestion[], seed: number): ImageRef[] {
  const distinct = [...new Map(questions.map(({ image }) => [image.id, image])).values()];
  const stream = random(seed);
  return questions.map(({ image }) => {
    const others = distinct.filter(({ id }) => id !== image.id);
    return others.length > 0 ? stream.pick(others) : image;
  });
}
