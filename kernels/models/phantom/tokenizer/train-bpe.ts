import { BYTE_ALPHABET, toByteAlphabet } from "./byte-alphabet.ts";

/** GPT-2's pattern of what a merge may not reach across: words with the space before them, numbers, punctuation, blanks. */
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** How often a piece of text occurs, by its symbols. */
interface Piece {
  symbols: string[];
  count: number;
}

export type Merge = readonly [left: string, right: string];

/**
 * Byte-pair encoding (Sennrich et al. 2016): merges the commonest pair of neighbouring symbols, again and again. Of equally common pairs
 * the first in the order of characters is merged, so that one corpus gives one result.
 *
 * Returns `earlier`, which is applied first, and the pairs merged after it, `merges` in all or as many as the texts have. Each makes one
 * token.
 */
export function trainBpe(texts: readonly string[], merges: number, earlier: readonly Merge[] = []): Merge[] {
  const pieces = countPieces(texts);
  const merged: Merge[] = [];
  const merge = (pair: Merge) => {
    merged.push(pair);
    for (const piece of pieces) piece.symbols = mergePair(piece.symbols, pair);
  };
  earlier.forEach(merge);
  while (merged.length < merges) {
    const pair = commonestPair(pieces);
    if (!pair) break;
    merge(pair);
  }
  return merged;
}

/** The tokens that a list of merges makes: the 256 bytes first, then one for each merge. */
export const tokensOf = (merges: readonly Merge[]): string[] => [
  ...BYTE_ALPHABET,
  ...merges.map(([left, right]) => left + right),
];

function countPieces(texts: readonly string[]): Piece[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const piece of text.match(PIECES) ?? []) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return [...counts].map(([piece, count]) => ({ symbols: [...toByteAlphabet(piece)], count }));
}

function commonestPair(pieces: readonly Piece[]): Merge | undefined {
  const counts = new Map<string, number>();
  for (const { symbols, count } of pieces)
    for (let i = 1; i < symbols.length; i++) {
      const pair = `${symbols[i - 1]} ${symbols[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  let best: string | undefined;
  for (const [pair, count] of counts)
    if (best === undefined || count > counts.get(best)! || (count === counts.get(best)! && pair < best)) best = pair;
  return best?.split(" ") as [string, string] | undefined;
}

function mergePair(symbols: readonly string[], [left, right]: Merge): string[] {
  const out: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) out.push(left + symbols[++i]);
    else out.push(symbols[i]);
  }
  return out;
}
