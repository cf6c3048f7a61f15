import sharp, { type Metadata, type Sharp } from "sharp";
import type { DecodedImage, DecodeOptions, Decoding, ImageFormat } from "./decoding.ts";
import { chooseWindow } from "./choose-window.ts";
import { ImageFault } from "./image-fault.ts";
import { MAX_PIXELS, requireIndex } from "./image-size.ts";
import { greyToRgb } from "./rgb-image.ts";
import { greyLevel } from "./window.ts";

// SVG is left out: it is drawn rather than decoded, and with the fonts of the machine.
// First bytes in hexadecimal.
const SIGNATURES = {
  png: /^89504e470d0a1a0a/,
  jpeg: /^ffd8ff/,
  webp: /^52494646.{8}57454250/,
  gif: /^47494638/,
  tiff: /^(49492[ab]00|4d4d002[ab])/,
  avif: /^.{8}667479706176696[63]/,
};

/** PNG, JPEG, WebP, GIF, TIFF and AVIF, decoded by libvips. Greyscale is repeated on three channels, transparency dropped. */
export const raster: ImageFormat = {
  matches: (bytes) => Object.values(SIGNATURES).some((signature) => signature.test(bytes.toString("hex", 0, 12))),
  async decode(bytes, options) {
    const metadata = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    const pages = metadata.pages ?? 1;
    const index = requireIndex("frame", options.frame, pages);
    const decoding: Decoding = {
      format: metadata.format,
      storage: storageOf(metadata),
      ...(pages > 1 && { frame: { index, count: pages } }),
      notes: [],
    };
    // Colour profiles are ignored because the image pipelines that models are trained with ignore them.
    const input = sharp(bytes, {
      failOn: strictness(bytes),
      limitInputPixels: MAX_PIXELS,
      ignoreIcc: true,
      page: index,
      autoOrient: options.exifOrientation !== "ignore",
    });
    const turn = metadata.orientation ?? 1;
    if (turn > 1)
      decoding.orientation = `EXIF orientation ${turn}, ${options.exifOrientation === "ignore" ? "ignored" : "applied"}`;
    const grey = ["b-w", "grey16", "multiband"].includes(metadata.space) && metadata.channels <= 2;
    if (grey && (metadata.depth !== "uchar" || choosesWindow(options)))
      return deepGrey(input, metadata, options, decoding);
    if (choosesWindow(options)) decoding.notes.push("No window was used: the image is in colour.");
    const { data, info } = await input
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new ImageFault(`decoded to ${info.channels} channels`);
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      decoding,
    };
  },
};

const choosesWindow = ({ window = "file" }: DecodeOptions) => window !== "file";

/**
 * Grey as values, for a window. By default the bits that 16-bit values use become 8: a 12-bit image in a 16-bit file would be almost
 * black otherwise.
 */
async function deepGrey(
  input: Sharp,
  metadata: Metadata,
  options: DecodeOptions,
  decoding: Decoding,
): Promise<DecodedImage> {
  const space = ({ uchar: "b-w", ushort: "grey16" } as Record<string, string>)[metadata.depth];
  if (!space)
    throw new ImageFault(
      `grey values of type ${metadata.depth}, which libvips would clip`,
      "Convert the file to 16-bit PNG, DICOM or NIfTI, or leave this image out.",
    );
  const { data, info } = await input
    .removeAlpha()
    .toColourspace(space)
    .raw({ depth: "ushort" })
    .toBuffer({ resolveWithObject: true });
  const values = new Uint16Array(new Uint8Array(data).buffer);
  if (info.channels !== 1) throw new ImageFault(`decoded to ${info.channels} channels`);
  const window = chooseWindow(options.window, { otherwise: "depth" }, values);
  return {
    width: info.width,
    height: info.height,
    data: greyToRgb(values, greyLevel(window)),
    decoding: { ...decoding, window },
  };
}

function storageOf({ space, depth, channels, hasAlpha }: Metadata): string {
  const bits = { uchar: "8 bits", char: "8 bits, signed", ushort: "16 bits", short: "16 bits, signed" };
  return [
    space,
    `${channels} channel${channels === 1 ? "" : "s"}${hasAlpha ? ", one of them transparency" : ""}`,
    bits[depth as keyof typeof bits] ?? depth,
  ].join("; ");
}

// A JPEG overwritten in its middle only makes the decoder warn (40 of 60 such files; no intact one of 314 does), whereas intact TIFF
// files warn about private tags.
const strictness = (bytes: Uint8Array) => (bytes[0] === 0xff && bytes[1] === 0xd8 ? "warning" : "error");
