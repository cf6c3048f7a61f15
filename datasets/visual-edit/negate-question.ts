const AUXILIARY = "(?:is|are|was|were|can|could|has|have|had|will|would|should)";
// What follows the auxiliary must not be the subject: "what is the organ" does not become "what is not the organ".
const QUESTION = new RegExp(
  `^(\\s*(?:what|which|who)\\b[^?.!]*?\\b${AUXILIARY})\\s+` +
    `(?!not\\b|the\\b|an?\\b|this\\b|that\\b|these\\b|those\\b|there\\b|your\\b|his\\b|her\\b|its?\\b|s?he\\b|they\\b|we\\b|you\\b|I\\b)(\\S.*)$`,
  "is",
);

/**
 * A question for what is not the case: "Which organ is shown?" becomes "Which organ is not shown?". Undefined where putting "not" after
 * the auxiliary makes no English sentence, and for questions that are answered by yes or no: there the answer follows from the edit.
 */
export function negateQuestion(question: string): string | undefined {
  const match = QUESTION.exec(question);
  return match ? `${match[1]} not ${match[2]}` : undefined;
}
