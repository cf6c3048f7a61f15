export { type Ask, putIntoWords } from "./ask.ts";
export { asksOf } from "./asks-of.ts";
export { isComposedTrained } from "./composed-training.ts";
export { answersOf, COMPOSED_FAMILIES, PORTABILITY_FAMILIES, TEXT_FAMILIES, VISUAL_FAMILIES } from "./families.ts";
export type { QuestionAnswer, TemplateSplit } from "./question.ts";
export { claimQuestion, composedQuestion, textQuestion } from "./text-questions.ts";
export { trainingTexts } from "./training-texts.ts";
export type { Neighbours } from "./visual-asks.ts";
export { sampleVisualQuestion, type VisualQuestionOptions, visualQuestions } from "./visual-questions.ts";
