import type { EditCase } from "../../datasets/case.ts";
import type { Example } from "../models/example-batch.ts";

/** The edited questions with their targets, each an equal share of the loss. */
export const editExamples = (cases: readonly EditCase[], labels: Example["labels"]): Example[] =>
  cases.map(({ image, question, target }) => ({ query: { image, question }, answer: target, labels }));
