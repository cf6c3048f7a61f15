import { UserFacingError } from "../errors.ts";

/** Cause: image, prefix, question and answer together have more tokens than the model's context. Handled by: the caller, who shortens them. */
export class ContextLengthError extends UserFacingError {
  constructor(question: string, tokens: number, limit: number) {
    const shown = question.length > 60 ? `${question.slice(0, 57)}...` : question;
    super(
      `question "${shown}": image, prefix, question and answer need ${tokens} tokens, the model takes ${limit}. Shorten the question, or use fewer demonstrations.`,
    );
  }
}

/** Beyond its context a model answers nonsense without a word. Throws: ContextLengthError. */
export function requireRoom({ question }: { question: string }, tokens: number, limit: number): void {
  if (tokens > limit) throw new ContextLengthError(question, tokens, limit);
}
