import { createRequire } from "node:module";
import { ImageFault } from "../image-fault.ts";
import type { CodecJob, CodecResult } from "./jobs.ts";

const require = createRequire(import.meta.url);

// The part of the codecs' interfaces that is used here; the packages come without types.
interface EmbindDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  getInterleaveMode?(): number;
  delete(): void;
}
type EmbindModule = (options: object) => Promise<Record<string, new () => EmbindDecoder>>;
interface LosslessDecoder {
  decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array;
}

/** Decodes one compressed frame. Throws: what the codec throws; ImageFault where it gives another size than it was asked for. */
export async function decodeFrame(job: CodecJob): Promise<CodecResult> {
  switch (job.kind) {
    case "jpeg-2000":
      return embind("@cornerstonejs/codec-openjpeg/decodewasmjs", "J2KDecoder", job);
    case "jpeg-ls":
      return embind("@cornerstonejs/codec-charls/decodewasmjs", "JpegLSDecoder", job);
    case "jpeg-lossless":
      return jpegLossless(job);
  }
}

// Loaded once: where one traps, the whole thread is replaced, because an aborted instance stays unusable.
const modules = new Map<string, ReturnType<EmbindModule>>();

async function embind(path: string, decoderName: string, job: CodecJob): Promise<CodecResult> {
  // Warnings of the decoders would stand between the results on standard output.
  const silent = { print: () => undefined, printErr: () => undefined };
  const module = await (modules.get(path) ?? modules.set(path, (require(path) as EmbindModule)(silent)).get(path)!);
  const decoder = new module[decoderName]();
  try {
    decoder.getEncodedBuffer(job.bytes.length).set(job.bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    if (width !== job.columns || height !== job.rows || componentCount !== job.samplesPerPixel || bitsPerSample > 16)
      throw new ImageFault(
        `the decoder gave ${width} x ${height} x ${componentCount} samples of ${bitsPerSample} bits`,
      );
    return {
      bytes: new Uint8Array(decoder.getDecodedBuffer()),
      bits: bitsPerSample > 8 ? 16 : 8,
      // JPEG-LS without interleaving stores one component after the other.
      planar: componentCount > 1 && decoder.getInterleaveMode?.() === 0,
    };
  } finally {
    decoder.delete();
  }
}

function jpegLossless({ bytes, rows, columns, samplesPerPixel }: CodecJob): CodecResult {
  const { Decoder } = require("jpeg-lossless-decoder-js") as { Decoder: new () => LosslessDecoder };
  const own = new Uint8Array(bytes);
  const decoded = new Decoder().decode(own.buffer, 0, own.length);
  const wide = decoded instanceof Uint16Array;
  // The decoder writes one component alone where samples are wider than 8 bits.
  if (wide && samplesPerPixel > 1)
    throw new ImageFault("colour of more than 8 bits in JPEG lossless, which is not read");
  if (decoded.length !== rows * columns * samplesPerPixel)
    throw new ImageFault(`the decoder gave ${decoded.length} of ${rows * columns * samplesPerPixel} samples`);
  return { bytes: new Uint8Array(decoded.buffer), bits: wide ? 16 : 8, planar: false };
}
