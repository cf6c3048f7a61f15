/**
 * The form in which two short answers are compared by profile `gen-exact`: lower-case, without punctuation and English articles,
 * single spaces. "The left lung." and "left lung" are the same answer; "x-ray" and "X ray" too.
 *
 * An answer that consists of nothing else (the option letter "A", a lone "?") keeps what would be stripped, so that it never equals
 * an empty answer.
 * Source: profile of this project; the stripping follows the usual question-answering normalisation (adapted: a hyphen becomes a space).
 */
export function normaliseAnswer(answer: string): string {
  const lower = collapse(answer.normalize("NFKC").toLowerCase());
  const words = collapse(lower.replace(/['’`]/g, "").replace(/[\p{P}\p{S}]/gu, " "));
  const plain = collapse(words.replace(/\b(a|an|the)\b/g, " "));
  return plain || words || lower;
}

/** True when both answers are the same after `normaliseAnswer`. */
export const sameAnswer = (a: string, b: string): boolean => normaliseAnswer(a) === normaliseAnswer(b);

const collapse = (text: string) => text.replace(/\s+/g, " ").trim();
