import { ImageFault } from "../image-fault.ts";
import { type LookupTable, lookUp } from "./lookup-table.ts";
import type { PixelDescription } from "./pixel-description.ts";
import type { Samples } from "./samples.ts";

/** Samples of a colour frame as 8-bit interleaved RGB. Throws: ImageFault for colours that only compressed frames have. */
export function colourToRgb(samples: Samples, pixels: PixelDescription): Uint8Array {
  const { rows, columns, bitsStored, photometric, planar } = pixels;
  const eight = toEightBits(samples, bitsStored);
  const count = rows * columns;
  switch (photometric) {
    case "RGB":
      return interleaved(eight, count, planar);
    case "YBR_FULL":
      return ybrFullToRgb(interleaved(eight, count, planar));
    case "YBR_FULL_422":
      // Decoders give three full planes; only uncompressed frames share chrominance.
      return ybrFullToRgb(eight.length >= count * 3 ? interleaved(eight, count, planar) : shared(eight, count));
    default:
      throw new ImageFault(`uncompressed ${photometric}, which is not read`, "Convert the file to RGB.");
  }
}

/** Samples that are places in a palette, as 8-bit interleaved RGB. */
export function paletteToRgb(samples: Samples, palette: readonly [LookupTable, LookupTable, LookupTable]): Uint8Array {
  const data = new Uint8Array(samples.length * 3);
  const shift = palette.map(({ entries, bits }) => (bits > 8 && entries.some((entry) => entry > 255) ? bits - 8 : 0));
  for (let i = 0; i < samples.length; i++)
    for (let c = 0; c < 3; c++) data[i * 3 + c] = lookUp(palette[c], samples[i]) >> shift[c];
  return data;
}

function toEightBits(samples: Samples, bits: number): Uint8Array {
  if (samples instanceof Uint8Array && bits === 8) return samples;
  const scale = 255 / (2 ** bits - 1);
  return Uint8Array.from(samples, (value) => Math.round(value * scale));
}

function interleaved(samples: Uint8Array, count: number, planar: boolean): Uint8Array {
  if (!planar) return samples.subarray(0, count * 3);
  return Uint8Array.from({ length: count * 3 }, (_, i) => samples[(i % 3) * count + Math.floor(i / 3)]);
}

/** Y1 Y2 Cb Cr for each two pixels of a row (PS3.3 C.7.6.3.1.2), as a colour for each. */
function shared(samples: Uint8Array, count: number): Uint8Array {
  const data = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const pair = (i >> 1) * 4;
    data[i * 3] = samples[pair + (i & 1)];
    data[i * 3 + 1] = samples[pair + 2];
    data[i * 3 + 2] = samples[pair + 3];
  }
  return data;
}

/** CCIR 601-2 luminance and chrominance over the full range (PS3.3 C.7.6.3.1.2), inverted. */
function ybrFullToRgb(data: Uint8Array): Uint8Array {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const [y, blue, red] = [data[i], data[i + 1] - 128, data[i + 2] - 128];
    out[i] = y + 1.402 * red;
    out[i + 1] = y - 0.344136 * blue - 0.714136 * red;
    out[i + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(out.buffer);
}
