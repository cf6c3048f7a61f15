/**
 * The form in which answers of question-answer benchmarks are compared: trimmed, lower-case, without the marks that end a sentence.
 *
 * Source: exact match as published for VQA-RAD and SLAKE. Stricter than `normaliseAnswer`: articles and inner punctuation count.
 */
export const answerForm = (answer: string): string =>
  answer
    .trim()
    .toLowerCase()
    .replace(/[\s.!?。！？]+$/u, "");

/** True when both are the same in that form and say something. */
export const matchesExactly = (said: string, wanted: string): boolean =>
  answerForm(said) !== "" && answerForm(said) === answerForm(wanted);
