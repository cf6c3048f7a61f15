import sharp from "sharp";
import { ImageFault } from "../image-fault.ts";
import { MAX_PIXELS } from "../image-size.ts";
import { inImageThread } from "../thread/image-thread.ts";
import { checkedCodestream, withColourMarker } from "./codestream.ts";
import type { DicomFrame } from "./read-dicom.ts";
import { runLength } from "./run-length.ts";

/** The same frame uncompressed, with the colours and the byte order that its decoder gives. Throws: ImageFault; what decoders throw. */
export async function decompress(frame: DicomFrame): Promise<DicomFrame> {
  const { codec } = frame.syntax;
  if (codec === "none") return frame;
  const { rows, columns, samplesPerPixel, bitsAllocated } = frame.pixels;
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && codec !== "rle")
    throw new ImageFault(`compressed samples of ${bitsAllocated} bits`);
  if (codec === "rle")
    return {
      ...frame,
      littleEndian: true,
      bytes: runLength(frame.bytes, frame.pixels),
      pixels: { ...frame.pixels, planar: true },
    };
  const { precision } = checkedCodestream(frame.bytes, rows, columns, samplesPerPixel);
  if (codec === "jpeg") return jpeg(frame, precision);
  const { bytes, planar, bits } = await inImageThread({
    kind: codec,
    bytes: frame.bytes,
    rows,
    columns,
    samplesPerPixel,
  });
  // What OpenJPEG returns is RGB already: it has undone the transforms that ICT and RCT name.
  const photometric =
    codec === "jpeg-2000" && /_[IR]CT$/.test(frame.pixels.photometric) ? "RGB" : frame.pixels.photometric;
  const expected = rows * columns * samplesPerPixel * (bits / 8);
  if (bytes.length < expected) throw new ImageFault(`a frame gave ${bytes.length} of ${expected} bytes`);
  const stored = { bitsStored: Math.min(frame.pixels.bitsStored, bits), bitsAllocated: bits };
  return {
    ...frame,
    littleEndian: true,
    bytes,
    pixels: { ...frame.pixels, ...stored, highBit: stored.bitsStored - 1, planar, photometric },
  };
}

/** Eight-bit JPEG, by libvips: colours come back as RGB. */
async function jpeg(frame: DicomFrame, precision: number): Promise<DicomFrame> {
  if (precision !== 8)
    throw new ImageFault(
      `a lossy JPEG of ${precision} bits, for which there is no decoder`,
      "Convert the file to JPEG lossless or to explicit little endian, or leave this image out.",
    );
  const colour = frame.pixels.samplesPerPixel === 3;
  const bytes = colour ? withColourMarker(frame.bytes, frame.pixels.photometric === "RGB") : frame.bytes;
  const image = sharp(bytes, { failOn: "warning", limitInputPixels: MAX_PIXELS, ignoreIcc: true });
  const data = await image
    .toColourspace(colour ? "srgb" : "b-w")
    .raw({ depth: "uchar" })
    .toBuffer();
  return {
    ...frame,
    littleEndian: true,
    bytes: data,
    pixels: {
      ...frame.pixels,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      planar: false,
      photometric: colour ? "RGB" : frame.pixels.photometric,
    },
  };
}
