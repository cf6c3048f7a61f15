import type { OptionLetter } from "../../../datasets/confusion-pair.ts";
import { normaliseAnswer } from "../normalise-answer.ts";
import type { OptionScores } from "./choice.ts";

/** A word before a letter that makes it a choice, and one that makes it a rejection. */
const CUE = /^(answer|option|choice|choose|is|pick|select)$/;
const REJECTION = /^(not|than|isnt|never|of)$/;
/** A word after a letter that puts the other choice beside it. */
const BESIDE = /^(A|B|and|or)$/;

/**
 * Reads a multiple-choice reply where the published rule goes wrong: letters in any brackets, quotes or emphasis, and nothing that is an
 * article ("A brain MRI"), part of a name ("group B streptococcus") or rejected ("not B"). A reply that is the text of one option, or the
 * bare letter in lower case, counts too. Two letters asserted are no choice.
 *
 * Units: as `parseLetter`. Source: corrected variant of this project.
 */
export function readLetter(reply: string | null, options?: readonly [string, string]): OptionScores {
  const text = (reply ?? "").trim();
  if (/^[ab]$/i.test(bare(text))) return scores([bare(text).toUpperCase() as OptionLetter]);
  const asserted = assertedLetters(text);
  if (asserted.size > 0) return scores([...asserted]);
  const said = normaliseAnswer(text);
  return scores((["A", "B"] as const).filter((_, i) => options && said !== "" && normaliseAnswer(options[i]) === said));
}

const scores = (letters: readonly OptionLetter[]): OptionScores => ({
  A: letters.length === 1 && letters[0] === "A" ? 10 : 0,
  B: letters.length === 1 && letters[0] === "B" ? 10 : 0,
});

/** Letters that stand alone and are marked as a choice: by punctuation, by a cue before them, or because a sentence ends with them. */
function assertedLetters(text: string): Set<OptionLetter> {
  const words = text.replace(/[:/]/g, "$& ").split(/\s+/).filter(Boolean);
  const found = new Set<OptionLetter>();
  words.forEach((word, i) => {
    const letter = bare(word);
    if (letter !== "A" && letter !== "B") return;
    const before = bare(words[i - 1] ?? "").toLowerCase();
    const after = bare(words[i + 1] ?? "");
    const marked = word !== letter || i === words.length - 1 || CUE.test(before) || BESIDE.test(after);
    if (marked && !REJECTION.test(before)) found.add(letter);
  });
  return found;
}

/** A word without the punctuation around it and without apostrophes. */
const bare = (word: string) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").replace(/['’]/g, "");
