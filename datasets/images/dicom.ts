import { chooseWindow } from "./choose-window.ts";
import type { DecodedImage, DecodeOptions, Decoding, ImageFormat } from "./decoding.ts";
import { colourToRgb, paletteToRgb } from "./dicom/colour.ts";
import { decompress } from "./dicom/decompress.ts";
import type { GreyDescription } from "./dicom/grey-description.ts";
import { lookUp } from "./dicom/lookup-table.ts";
import type { PixelDescription } from "./dicom/pixel-description.ts";
import { type Samples, storedSamples } from "./dicom/samples.ts";
import { greyToRgb } from "./rgb-image.ts";
import { inImageThread } from "./thread/image-thread.ts";
import { greyLevel, type WindowRecord } from "./window.ts";

/**
 * DICOM files (PS3.10): uncompressed, deflated, RLE, JPEG, JPEG lossless, JPEG-LS and JPEG 2000. Overlays are not drawn; of the
 * attributes only those that describe pixels are read.
 */
export const dicom: ImageFormat = {
  matches: (bytes) => bytes.toString("latin1", 128, 132) === "DICM",
  async decode(bytes, options) {
    const frame = await inImageThread({ kind: "dicom", bytes, frame: options.frame });
    const { rows, columns, frames, photometric, bitsStored, bitsAllocated, kind } = frame.pixels;
    const decoding: Decoding = {
      format: "dicom",
      storage: `${frame.syntax.name}; ${photometric}; ${bitsStored} of ${bitsAllocated} bits, ${kind}`,
      ...(frames > 1 && { frame: { index: options.frame ?? 0, count: frames } }),
      spacing: frame.spacing,
      notes: frame.notes,
    };
    const plain = await decompress(frame);
    const samples = storedSamples(plain);
    const shape = { width: columns, height: rows };
    if (frame.grey) {
      const { data, window } = showGrey(samples, frame.grey, options, frame.pixels);
      if (frame.grey.windows.length > 1 && (options.window ?? "file") === "file" && !frame.grey.interestTable)
        decoding.notes.push(`The file states ${frame.grey.windows.length} windows; the first is used.`);
      return { ...shape, data, decoding: { ...decoding, window } };
    }
    if (options.window !== undefined && options.window !== "file")
      decoding.notes.push("No window was used: the image is in colour.");
    const data = frame.palette ? paletteToRgb(samples, frame.palette) : colourToRgb(samples, plain.pixels);
    return { ...shape, data, decoding };
  },
};

function showGrey(
  samples: Samples,
  grey: GreyDescription,
  options: DecodeOptions,
  { photometric, bitsStored }: PixelDescription,
): Pick<DecodedImage, "data"> & { window: WindowRecord } {
  const values = modalityValues(samples, grey);
  const shown = (level: (value: number) => number) =>
    greyToRgb(values, photometric === "MONOCHROME1" ? (value) => 255 - level(value) : level);
  const table = grey.interestTable;
  if (table && (options.window ?? "file") === "file") {
    const white = 2 ** table.bits - 1;
    const data = shown((value) => Math.min(255, Math.round((lookUp(table, value) * 255) / white)));
    return { data, window: { source: "file", table: { entries: table.entries.length } } };
  }
  // Eight bits without units are levels already, as in captured screens.
  const plain = values === samples && samples instanceof Uint8Array && bitsStored === 8;
  const window = chooseWindow(
    options.window,
    { window: grey.windows[0], function: grey.function, otherwise: plain ? "depth" : "min-max" },
    grey.padding ? withoutPadding(samples, values, grey.padding) : values,
  );
  return { data: shown(greyLevel(window)), window };
}

/** Values in the units of the modality, such as Hounsfield units. */
function modalityValues(samples: Samples, { slope, intercept, modalityTable }: GreyDescription): Samples {
  if (modalityTable) return Float32Array.from(samples, (value) => lookUp(modalityTable, value));
  if (slope === 1 && intercept === 0) return samples;
  return Float32Array.from(samples, (value) => value * slope + intercept);
}

const withoutPadding = (samples: Samples, values: Samples, { low, high }: { low: number; high: number }) =>
  Float32Array.from(values, (value, i) => (samples[i] >= low && samples[i] <= high ? NaN : value));
