type Rule = [RegExp, string];

const QUOTES_BEFORE: Rule[] = [
  [/[«“‘„]|`+/g, " $& "],
  [/^"/, "``"],
  [/``/g, " `` "],
  [/([ ([{<])(?:"|'')/g, "$1 `` "],
  // An apostrophe that opens a quotation, and not a clitic such as 's.
  [/(?<![\p{L}\p{N}_])'(?!(?:re|ve|ll|m|t|s|d|n)(?![\p{L}\p{N}_]))(?=[\p{L}\p{N}_])/giu, "' "],
];

const PUNCTUATION: Rule[] = [
  // Only a period that ends the sentence stands apart: within it, it belongs to an abbreviation or a number.
  [/([^.])\.([\])}>"'»”’ ]*)\s*$/u, "$1 . $2 "],
  [/([:,])(\D)/gu, " $1 $2"],
  [/[:,]$/, " $& "],
  [/\.{2,}/g, " $& "],
  [/[;@#$%&]/g, " $& "],
  [/[\u2012-\u2015]/g, " $& "],
  [/([^.])\.([\])}>"']*)\s*$/u, "$1 .$2 "],
  [/[?!]/g, " $& "],
  [/([^'])' /g, "$1 ' "],
  [/\*/g, " $& "],
  [/[\][(){}<>]/g, " $& "],
  [/--/g, " -- "],
];

const QUOTES_AFTER: Rule[] = [
  [/[»”’]/g, " $& "],
  [/''/g, " '' "],
  [/"/g, " '' "],
  [/\s+/g, " "],
];

const CONTRACTIONS: Rule[] = [
  [/([^' ])('[sSmMdD]|') /g, "$1 $2 "],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /g, "$1 $2 "],
  [/\b(can)(not)\b/gi, " $1 $2 "],
  [/\b(d)('ye)\b/gi, " $1 $2 "],
  [/\b(gim|lem)(me)\b/gi, " $1 $2 "],
  [/\b(gon)(na)\b/gi, " $1 $2 "],
  [/\b(got)(ta)\b/gi, " $1 $2 "],
  [/\b(more)('n)\b/gi, " $1 $2 "],
  [/\b(wan)(na)(?=\s)/gi, " $1 $2 "],
  [/ ('t)(is|was)\b/gi, " $1 $2 "],
];

/**
 * Splits one sentence into words, marks and parts of contractions, in the convention of the Penn Treebank: quotes become `` and '',
 * "can't" becomes "ca" and "n't".
 *
 * Source: MacIntyre's rules for the Penn Treebank, in the order and with the additions of NLTK's word tokenizer.
 */
export function treebankTokens(sentence: string): string[] {
  const apply = (text: string, rules: readonly Rule[]) =>
    rules.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), text);
  const marked = ` ${apply(apply(sentence, QUOTES_BEFORE), PUNCTUATION)} `;
  return apply(apply(marked, QUOTES_AFTER), CONTRACTIONS).split(/\s+/).filter(Boolean);
}
