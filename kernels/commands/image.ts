import { basename, resolve } from "node:path";
import sharp from "sharp";
import { describeDecoded } from "../../datasets/describe-image.ts";
import { decodeRgb, type DecodeOptions, type Plane, type WindowChoice } from "../../datasets/image.ts";
import { shownPath } from "../../datasets/shown-path.ts";
import { UnknownNameError } from "../errors.ts";
import { nearestName, requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine, refusePositionals, wholeNumber } from "./options.ts";

const options = {
  png: { help: "also write the image as models see it, as PNG" },
  window: { help: "centre/width in the file's units, min-max, percentile, depth, or file", default: "file" },
  frame: { help: "frame or page, from 0" },
  plane: { help: "cut of a volume: axial, coronal or sagittal", default: "axial" },
  slice: { help: "slice of a volume, from 0 (default the middle one)" },
  volume: { help: "volume of a 4-D file, from 0" },
  "ignore-exif": { help: "leave a photograph as it is stored", flag: true },
  json: { help: "print JSON", flag: true },
  ...COMMON,
} as const;

const WINDOWS = ["file", "min-max", "percentile", "depth"] as const;
const PLANES = ["axial", "coronal", "sagittal"] as const;

/** `medke image FILE`: how a file is stored, and how it becomes what a model sees. Of patients it prints and writes nothing. */
export const imageCommand: Command = {
  usage: "medke image FILE [--png OUT] [--window C/W] [--frame N] [--plane P] [--slice N] [--volume N] [--json]",
  summary: "Says how an image file (PNG, JPEG, WebP, GIF, TIFF, DICOM, NIfTI) is stored and decoded.",
  options,
  async run(args, { out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    const [file, ...more] = positionals;
    if (!file) throw new CommandLineError("image: a file is missing. Write medke image FILE.");
    refusePositionals("image", more);
    const index = (name: "frame" | "slice" | "volume") =>
      given[name] === undefined ? undefined : wholeNumber(name, given[name], 0);
    const choices: DecodeOptions = {
      window: windowChoice(given.window!),
      frame: index("frame"),
      slice: index("slice"),
      volume: index("volume"),
      plane: requireKnown("--plane", given.plane!, PLANES) as Plane,
      exifOrientation: given["ignore-exif"] ? "ignore" : "apply",
    };
    const image = await decodeRgb({ id: basename(file), path: resolve(file) }, choices);
    if (given.png) {
      await writePng(image, given.png);
      progress.write(`wrote ${shownPath(given.png)}\n`);
    }
    const { width, height, decoding } = image;
    out(given.json ? JSON.stringify({ width, height, decoding }, null, 2) : describeDecoded(image));
  },
};

function windowChoice(text: string): WindowChoice {
  const found = /^(-?[\d.]+)\/([\d.]+)$/.exec(text);
  const [center, width] = [Number(found?.[1]), Number(found?.[2])];
  if (found && Number.isFinite(center) && width > 0) return { center, width };
  if (/\d/.test(text))
    throw new CommandLineError(
      `--window "${text}" is no centre and width above 0. Write for example --window 40/400 (CT, soft tissue).`,
    );
  const near = nearestName(text, WINDOWS);
  const known = WINDOWS.find((name) => name === text);
  if (known) return known;
  throw new UnknownNameError(
    `--window "${text}" is unknown${near ? `; did you mean "${near}"?` : "."} Write one of ${WINDOWS.join(", ")}, or centre/width such as 40/400.`,
  );
}

/** Pixels alone: a PNG made here carries no text, no EXIF and nothing of a DICOM header. */
async function writePng({ data, width, height }: { data: Uint8Array; width: number; height: number }, file: string) {
  try {
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(resolve(file));
  } catch (cause) {
    throw new CommandLineError(
      `--png "${shownPath(file)}" cannot be written (${(cause as Error).message.split("\n")[0]}). Name a file in a folder that exists.`,
      { cause },
    );
  }
}
