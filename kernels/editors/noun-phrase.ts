import nlp from "compromise/two";

/** A piece of a text: `text` is `question.slice(start, end)`. */
export interface NounPhrase {
  text: string;
  /** Characters from the beginning. */
  start: number;
  end: number;
}

/** A word with what compromise says of it. */
interface Word extends NounPhrase {
  plain: string;
  tags: ReadonlySet<string>;
  /** Ends with punctuation, which also ends a phrase. */
  closes: boolean;
}

interface Phrase {
  words: Word[];
  /** What is asked for, as "organ" in "which organ". */
  asked: boolean;
  /** What the question is about anyway, as "this image". */
  picture: boolean;
}

/** Tagged as adjectives by compromise, or read as a part of the phrase behind them. */
const PREPOSITIONS = new Set(
  "above across along among around at behind below beneath beside between beyond by during for from in inside into near of off on onto outside over past through throughout to toward towards under underneath upon via with within without".split(
    " ",
  ),
);
const QUESTION_WORDS = new Set("what which whose how many much who whom where when why".split(" "));
const POSSESSIVES = new Set("my your his her its our their".split(" "));
const COPULAS = new Set("is are was were be been being".split(" "));
const DO_FORMS = new Set(["do", "does", "did"]);
/** Things that a visual question is about anyway. */
const PICTURES = new Set("image images picture pictures photo photograph figure".split(" "));

/**
 * The last noun phrase of a question that names something: without its article, and not what is asked for ("organ" in "which organ is affected
 * by velkin?") nor, least of all, the picture ("in this image"), unless there is no other. Undefined where the question has no noun.
 *
 * Words come tagged from compromise; what its lexicon does not know is a noun unless it is inflected as another word class, so that invented
 * names and rare terms are found. It knows English alone. Locate-and-edit editors take the phrase as the subject of questions that state none.
 */
export function lastNounPhrase(question: string): NounPhrase | undefined {
  const phrases = phrasesOf(wordsOf(question));
  const found =
    phrases.findLast(({ asked, picture }) => !asked && !picture) ??
    phrases.findLast(({ picture }) => !picture) ??
    phrases.at(-1);
  if (!found) return undefined;
  const [start, end] = [found.words[0].start, found.words.at(-1)!.end];
  return { text: question.slice(start, end), start, end };
}

interface TaggedTerm {
  text: string;
  normal: string;
  tags: string[];
  post: string;
  offset: { start: number; length: number };
}

function wordsOf(question: string): Word[] {
  const sentences = nlp(question).json({ offset: true, terms: { normal: true } }) as { terms: TaggedTerm[] }[];
  const terms = sentences.flatMap(({ terms }) => terms).filter(({ offset }) => offset.length > 0);
  const words = terms.map(({ text, normal, tags, post, offset: { start, length } }) => {
    const plain = normal.replace(/['’]s?$/, "");
    const known = isKnown(plain) || !isBare(plain);
    const closes = /[^\s\-/]/.test(post);
    return { text, start, end: start + length, plain, tags: new Set(known ? tags : ["Noun"]), closes };
  });
  return withMainVerb(words);
}

/** Whether compromise has the word itself, and does not guess. */
function isKnown(word: string): boolean {
  const { one, two } = nlp.model() as unknown as {
    one: { lexicon: Record<string, unknown> };
    two: { switches: Record<string, unknown> };
  };
  return Object.hasOwn(one.lexicon, word) || Object.hasOwn(two.switches, word);
}

/** No ending of English inflection or derivation, and no number: for an unknown word compromise's guess is then worth nothing. */
const isBare = (word: string): boolean =>
  /^\p{L}{3,}$/u.test(word) && !/(ed|ing|ly|ic|al|ous|ive|able|ible|ary|oid|ular|'?s)$/u.test(word);

/**
 * A question with "do" has a main verb behind its subject. Where compromise saw none, it took it for a noun, as in "does velkin cause zanthe":
 * the first word behind the first noun that may be a verb.
 */
function withMainVerb(words: Word[]): Word[] {
  const auxiliary = words.findIndex(({ plain }) => DO_FORMS.has(plain));
  if (auxiliary < 0) return words;
  const close = words.findIndex(({ closes }, i) => i > auxiliary && closes);
  const end = close < 0 ? words.length : close + 1;
  if (words.slice(auxiliary + 1, end).some(({ tags }) => tags.has("Verb"))) return words;
  const subject = words.findIndex((word, i) => i > auxiliary && isNoun(word));
  const verb = words.findIndex(({ plain }, i) => subject >= 0 && i > subject && i < end && mayBeVerb(plain));
  return words.map((word, i) => (i === verb ? { ...word, tags: new Set(["Verb"]) } : word));
}

const mayBeVerb = (word: string): boolean => isKnown(word) && nlp(`they will ${word}`).has("will #Infinitive$");

const isNoun = ({ plain, tags }: Word): boolean =>
  tags.has("Noun") &&
  !tags.has("Pronoun") &&
  !QUESTION_WORDS.has(plain) &&
  !PREPOSITIONS.has(plain) &&
  !POSSESSIVES.has(plain) &&
  // "Q:" and "A)" are labels.
  plain.length > 1;

/** Runs of nouns and the words that describe them, each ending with a noun. */
function phrasesOf(words: readonly Word[]): Phrase[] {
  const phrases: Phrase[] = [];
  let [run, asked, determined]: [Word[], boolean, boolean] = [[], false, false];
  const close = () => {
    const last = run.findLastIndex(isNoun);
    const phrase = run.slice(0, last + 1);
    if (last >= 0) phrases.push({ words: phrase, asked, picture: PICTURES.has(phrase[last].plain) });
    if (last >= 0 || run.length > 0) asked = false;
    [run, determined] = [[], false];
  };
  for (const word of words) {
    const { plain, tags } = word;
    // "The enlarged heart", but "the lesion causing pain".
    const participle = determined && run.length === 0 && tags.has("Verb") && /(ed|ing)$/.test(plain);
    const describes =
      (tags.has("Adjective") || tags.has("Value") || participle) &&
      !PREPOSITIONS.has(plain) &&
      !QUESTION_WORDS.has(plain);
    if (isNoun(word) || describes) run.push(word);
    else {
      close();
      determined = tags.has("Determiner");
      // "Which organ", "how many lesions", "what is the cause": the copula and the article stand between.
      if (QUESTION_WORDS.has(plain)) asked = true;
      else if (!(asked && (COPULAS.has(plain) || determined))) asked = false;
    }
    if (word.closes) {
      close();
      asked = false;
    }
  }
  close();
  return phrases;
}
