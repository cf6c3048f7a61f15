import type { PunktParameters } from "./punkt-parameters.ts";

// Bits of an orthographic context: seen with a capital, or without one, at the beginning of a sentence, within one, or where that is unclear.
const MIDDLE_UPPER = 4;
const UPPER = 2 | MIDDLE_UPPER | 8;
const BEGIN_LOWER = 16;
const LOWER = BEGIN_LOWER | 32 | 64;

const PUNCTUATION = [";", ":", ",", ".", "!", "?"];
export const NUMBER = "##number##";

/** A word as Punkt sees it, with what the first pass says of it. */
export interface PunktWord {
  text: string;
  /** Lower-case; every number is one type. */
  type: string;
  endsWithPeriod: boolean;
  isEllipsis: boolean;
  /** One letter and a period. */
  isInitial: boolean;
  isAbbreviation: boolean;
  endsSentence: boolean;
}

/** First pass: what a word says by itself. Source: Kiss and Strunk 2006, section 4.1, as NLTK has it. */
export function punktWord(text: string, { abbreviations }: PunktParameters): PunktWord {
  const endsWithPeriod = text.endsWith(".");
  const isEllipsis = /^\.\.+$/.test(text);
  const stem = text.slice(0, -1).toLowerCase();
  const judged = endsWithPeriod && !text.endsWith("..") && text !== ".";
  const isAbbreviation = judged && (abbreviations.has(stem) || abbreviations.has(stem.split("-").at(-1)!));
  return {
    text,
    type: text.toLowerCase().replace(/^-?[.,]?\d[\d,.-]*\.?$/, NUMBER),
    endsWithPeriod,
    isEllipsis,
    isInitial: /^[\p{L}_]\.$/u.test(text),
    isAbbreviation,
    endsSentence: [".", "?", "!"].includes(text) || (judged && !isAbbreviation),
  };
}

/**
 * Second pass: whether a sentence ends with `word`, given the one after it.
 *
 * Source: Kiss and Strunk 2006, section 4.2 to 4.4, as NLTK has it. Collocations, 37 pairs of initials and surnames, are left out.
 */
export function endsSentence(word: PunktWord, next: PunktWord, parameters: PunktParameters): boolean {
  if (!word.endsWithPeriod) return word.endsSentence;
  const starts = startsSentence(next, parameters);
  if ((word.isAbbreviation || word.isEllipsis) && !word.isInitial)
    return (
      starts === true || (isUpper(next.text) && parameters.sentenceStarters.has(bareType(next))) || word.endsSentence
    );
  if (word.isInitial || withoutPeriod(word.type) === NUMBER) {
    if (starts === false) return false;
    const seenLower = ((parameters.contexts.get(bareType(next)) ?? 0) & LOWER) !== 0;
    if (starts === undefined && word.isInitial && isUpper(next.text) && !seenLower) return false;
  }
  return word.endsSentence;
}

/** Whether its spelling shows that a word begins a sentence; undefined where it says nothing. */
function startsSentence(word: PunktWord, { contexts }: PunktParameters): boolean | undefined {
  if (PUNCTUATION.includes(word.text)) return false;
  const seen = contexts.get(bareType(word)) ?? 0;
  if (isUpper(word.text) && (seen & LOWER) !== 0 && (seen & MIDDLE_UPPER) === 0) return true;
  if (isLower(word.text) && ((seen & UPPER) !== 0 || (seen & BEGIN_LOWER) === 0)) return false;
  return undefined;
}

const isUpper = (text: string) => /^\p{Lu}/u.test(text);
const isLower = (text: string) => /^\p{Ll}/u.test(text);
const withoutPeriod = (type: string) => (type.length > 1 && type.endsWith(".") ? type.slice(0, -1) : type);
/** The type without the period that ends a sentence; an abbreviation keeps its own. */
const bareType = ({ type, endsSentence }: PunktWord) => (endsSentence ? withoutPeriod(type) : type);
