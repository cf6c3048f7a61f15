import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { decodeRgb } from "../../../datasets/image.ts";
import { shownPath } from "../../../datasets/shown-path.ts";
import type { Tile } from "../../display/contact-sheet.ts";
import { UserFacingError } from "../../errors.ts";

/** Cause: a path holds no confusion pairs. Handled by: the user, who names an export of the form mediconfusion. */
export class NoPairsError extends UserFacingError {}

export const PAIR_COLUMNS = 2;
const PAIRS = 10;
const FILE = "dataset.json";

interface Pair {
  im_1: string;
  im_2: string;
  question: string;
  option_A: string;
  option_B: string;
  im_1_correct: "A" | "B";
  im_2_correct: "A" | "B";
}

/**
 * Ten confusion pairs, evenly from the file, with the question, the options and which is right for which image. `path` is an export of
 * the form mediconfusion, or the `dataset.json` in it.
 *
 * Throws: NoPairsError; ImageUnreadableError.
 */
export async function pairTiles(path: string): Promise<Tile[]> {
  const { root, pairs } = await readPairs(path);
  const step = Math.max(1, Math.floor(pairs.length / PAIRS));
  const chosen = pairs.filter((_, i) => i % step === 0).slice(0, PAIRS);
  return Promise.all(
    chosen.map(async ([id, pair]) => {
      const open = (name: string) => decodeRgb({ id: name, path: join(root, name) });
      const right = (letter: "A" | "B") => `${letter} (${letter === "A" ? pair.option_A : pair.option_B})`;
      return {
        images: [await open(pair.im_1), await open(pair.im_2)],
        lines: [
          { text: `${id}. ${pair.question}` },
          { text: `first image: ${right(pair.im_1_correct)}. second image: ${right(pair.im_2_correct)}`, strong: true },
        ],
      };
    }),
  );
}

async function readPairs(path: string): Promise<{ root: string; pairs: [string, Pair][] }> {
  const folder = (await stat(path).catch(() => undefined))?.isDirectory();
  const file = folder ? join(path, "data", FILE) : path;
  const within = dirname(file);
  const root = basename(within) === "data" ? dirname(within) : within;
  try {
    const pairs = Object.entries(JSON.parse(await readFile(file, "utf8")) as Record<string, Pair>);
    const complete = pairs.every(([, { im_1, im_2, question }]) => im_1 && im_2 && question);
    if (!pairs.length || !complete) throw new Error("it has no pairs in it");
    return { root, pairs };
  } catch (cause) {
    throw new NoPairsError(
      `${shownPath(file)} cannot be read as confusion pairs (${(cause as Error).message}). ` +
        `Name a folder that medke phantom export --form mediconfusion wrote, or its data/${FILE}.`,
      { cause },
    );
  }
}
