// The rule stands with the datasets, because making cases already asks whether the model answers correctly; it defines `gen-exact` here.
export { normaliseAnswer, sameAnswer } from "../../datasets/normalise-answer.ts";
