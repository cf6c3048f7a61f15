import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { MODALITIES } from "../../../datasets/phantom/world/vocabulary.ts";
import { contactSheet } from "../../display/contact-sheet.ts";
import { sceneTiles } from "../../display/scene-tiles.ts";
import { requireKnown } from "../../nearest-name.ts";
import type { Command } from "../command.ts";
import {
  COMMON,
  CommandLineError,
  readCommandLine,
  refusePositionals,
  requireOptions,
  wholeNumber,
} from "../options.ts";
import { PAIR_COLUMNS, pairTiles } from "./pair-tiles.ts";

const COLUMNS = 6;
const SCENES = 18;

const options = {
  out: { help: "PNG file to write" },
  modality: { help: `only images of one modality: ${MODALITIES.join(", ")}` },
  seed: { help: "seed of the images and questions", default: "0" },
  pairs: { help: "instead, ten confusion pairs of an export of the form mediconfusion" },
  ...COMMON,
} as const;

export const sheetCommand: Command = {
  usage: "medke phantom sheet --out FILE.png [--modality NAME] [--seed N] [--pairs DIR]",
  summary: "Draws a contact sheet: images of the invented world with questions and answers below.",
  options,
  async run(args, { out }) {
    const { options: given, positionals } = readCommandLine(args, options);
    refusePositionals("phantom sheet", positionals);
    const { out: file } = requireOptions({ out: given.out }, { out: "phantom.png" });
    const modality = given.modality === undefined ? undefined : requireKnown("modality", given.modality, MODALITIES);
    const seed = wholeNumber("seed", given.seed, 0);
    const png = given.pairs
      ? await contactSheet(
          "Confusion pairs of the phantom world: all invented",
          await pairTiles(given.pairs),
          PAIR_COLUMNS,
        )
      : await contactSheet(`Phantom world, seed ${seed}: all invented`, sceneTiles(seed, SCENES, modality), COLUMNS);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, png);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new CommandLineError(
        `--out: ${file} cannot be written (${code}). Name a PNG file, for example --out phantom.png.`,
        { cause },
      );
    }
    out(`wrote ${file}`);
  },
};
