import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setQuality?(lossless: boolean, rate: number): void;
  setInterleaveMode?(mode: number): void;
  delete(): void;
}

/** Encodes samples (8 or 16 bits, interleaved, little endian) without loss by the encoder of the same library. */
async function encode(path: string, name: string, samples: Uint8Array, info: FrameInfo, mode = 0): Promise<Buffer> {
  const module = await require(path)();
  const encoder: Encoder = new module[name]();
  encoder.getDecodedBuffer({ isSigned: false, ...info }).set(samples);
  encoder.setQuality?.(true, 0);
  encoder.setInterleaveMode?.(mode);
  encoder.encode();
  const bytes = Buffer.from(encoder.getEncodedBuffer());
  encoder.delete();
  return bytes;
}

export interface FrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
}

export const jpeg2000 = (samples: Uint8Array, info: FrameInfo) =>
  encode("@cornerstonejs/codec-openjpeg/wasmjs", "J2KEncoder", samples, info);

/** `mode`: 0 one component after the other, 1 line by line, 2 pixel by pixel. */
export const jpegLs = (samples: Uint8Array, info: FrameInfo, mode = 0) =>
  encode("@cornerstonejs/codec-charls/wasmjs", "JpegLSEncoder", samples, info, mode);
