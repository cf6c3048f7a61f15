import { IMAGE_TOKENS } from "../config.ts";

/** A question with its answer as token ids. */
export interface Block {
  /** Up to and including the token after which the answer is written. */
  prompt: number[];
  /** The answer and the end token. */
  answer: number[];
  /** Whether it is asked about the row's image; its prompt then stands behind the image and has no <bos> of its own. */
  seesImage: boolean;
}

/** Several questions in a row of fixed length, none of which sees another. All lists have the length of the row's text. */
export interface Row {
  ids: number[];
  positions: number[];
  /** Number of the question that a token belongs to; -1 is padding. */
  block: number[];
  seesImage: boolean[];
  labels: number[];
  /** 1 where an answer's token is predicted. */
  weights: number[];
}

/** Tokens in front of the text: <bos> and the image. */
export const HEAD = 1 + IMAGE_TOKENS;

/** Packs as many of the blocks as fit, in order; one that does not fit is passed over. */
export function packRow(blocks: Iterable<Block>, length: number, padding: number): Row {
  const row: Row = { ids: [], positions: [], block: [], seesImage: [], labels: [], weights: [] };
  let count = 0;
  for (const { prompt, answer, seesImage } of blocks) {
    const ids = [...prompt, ...answer.slice(0, -1)];
    if (row.ids.length + ids.length > length) continue;
    // What stands at the last prompt token predicts the answer's first.
    const from = prompt.length - 1;
    ids.forEach((id, i) => {
      row.ids.push(id);
      row.positions.push(seesImage ? HEAD + i : i);
      row.block.push(count);
      row.seesImage.push(seesImage);
      row.labels.push(i >= from ? answer[i - from] : padding);
      row.weights.push(i >= from ? 1 : 0);
    });
    count++;
  }
  while (row.ids.length < length) {
    row.ids.push(padding);
    row.positions.push(0);
    row.block.push(-1);
    row.seesImage.push(false);
    row.labels.push(padding);
    row.weights.push(0);
  }
  return row;
}
