import type { PunktParameters } from "./punkt-parameters.ts";
import { endsSentence, punktWord } from "./punkt-word.ts";

const END = /[.?!]/;
/** Characters that are words of their own, wherever they stand. */
const APART = String.raw`[)";}\]*:@'({[?!]`;
const RUN = String.raw`(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)`;
const WORD = new RegExp(
  String.raw`${RUN}|(?=[^("\u0060{[:;&#*@)}\]\-,])\S+?(?=\s|$|${APART}|${RUN}|,(?=$|\s|${APART}|${RUN}))|\S`,
  "g",
);
const CLOSING = /^["'\])}]+(?=\s|--|$)/;

/**
 * Splits a text into sentences; what lies between them is white space.
 *
 * Source: Kiss and Strunk 2006, "Unsupervised multilingual sentence boundary detection", as NLTK has it.
 */
export function splitSentences(text: string, parameters: PunktParameters): string[] {
  const cuts: number[] = [];
  for (const chunk of text.matchAll(/\S+/g)) {
    const rest = text.slice(chunk.index + chunk[0].length);
    const following = /^\s+(\S+)/.exec(rest);
    const end = lastEnd(chunk[0], following !== null);
    if (end === undefined) continue;
    const isLast = end === chunk[0].length - 1;
    const context = chunk[0].slice(0, end + 1) + (isLast ? following![0] : chunk[0][end + 1]);
    if (holdsBreak(context, parameters)) cuts.push(chunk.index + end + 1);
  }
  return withClosings(text, cuts);
}

/** The last mark in a chunk that something follows which a sentence may begin with or be closed by. */
function lastEnd(chunk: string, somethingFollows: boolean): number | undefined {
  const followed = new RegExp(APART);
  for (let i = chunk.length - 1; i >= 0; i--) {
    if (!END.test(chunk[i])) continue;
    if (i === chunk.length - 1 ? somethingFollows : followed.test(chunk[i + 1])) return i;
  }
  return undefined;
}

/** Whether a sentence ends within a context, before its last word. */
function holdsBreak(context: string, parameters: PunktParameters): boolean {
  const words = (context.match(WORD) ?? []).map((word) => punktWord(word, parameters));
  return words.slice(0, -1).some((word, i) => endsSentence(word, words[i + 1], parameters));
}

/** Cuts a text; quotes and brackets that close a sentence go with it. */
function withClosings(text: string, cuts: readonly number[]): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const cut of [...cuts, text.length]) {
    let to = Math.max(cut, from);
    if (cut < text.length) to += CLOSING.exec(text.slice(to))?.[0].length ?? 0;
    sentences.push(text.slice(from, to).trim());
    from = to;
  }
  return sentences.filter(Boolean);
}
