import { ImageFault } from "../image-fault.ts";
import { requireSize } from "../image-size.ts";

/** What the header of a compressed frame says of itself. */
export interface Codestream {
  width: number;
  height: number;
  components: number;
  precision: number;
}

/**
 * Reads the size from a JPEG, JPEG-LS (SOF markers; ITU-T T.81 B.2.2, T.87 C.2.2) or JPEG 2000 frame (SIZ; T.800 A.5.1), before a
 * decoder sees it and allocates what it claims.
 *
 * Throws: ImageFault without such a header, or where it differs from the DICOM header.
 */
export function checkedCodestream(bytes: Uint8Array, rows: number, columns: number, samples: number): Codestream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = jpeg2000(view) ?? jpeg(view);
  if (!found) throw new ImageFault("a compressed frame has no header");
  requireSize(found.width, found.height);
  const { width, height, components } = found;
  if (width !== columns || height !== rows || components !== samples)
    throw new ImageFault(
      `a compressed frame of ${width} x ${height} x ${components} stands under a header of ${columns} x ${rows} x ${samples}`,
    );
  return found;
}

function jpeg2000(view: DataView): Codestream | undefined {
  if (view.byteLength < 43 || view.getUint32(0) !== 0xff4fff51) return undefined;
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    precision: (view.getUint8(42) & 0x7f) + 1,
  };
}

function jpeg(view: DataView): Codestream | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 10 <= view.byteLength && view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // Fill byte.
    } else if (isFrameHeader(marker)) {
      const [precision, height, width] = [view.getUint8(at + 4), view.getUint16(at + 5), view.getUint16(at + 7)];
      return { width, height, components: view.getUint8(at + 9), precision };
    } else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

// SOF0 to SOF15 without the tables DHT, JPG and DAC, and SOF55 of JPEG-LS.
const isFrameHeader = (marker: number) =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));

/**
 * Says in a colour JPEG which colours it holds, where the frame itself does not: without a JFIF or Adobe marker decoders guess
 * luminance and chrominance, which is wrong for DICOM's RGB. The marker is Adobe's APP14: transform 0 is RGB, 1 is YCbCr.
 */
export function withColourMarker(frame: Uint8Array, rgb: boolean): Uint8Array {
  const header = Buffer.from(frame.subarray(0, 4096)).toString("latin1");
  if (/\xff\xe0..JFIF|\xff\xee..Adobe/s.test(header)) return frame;
  const marker = [0xff, 0xee, 0, 14, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, rgb ? 0 : 1];
  return Buffer.concat([frame.subarray(0, 2), Uint8Array.from(marker), frame.subarray(2)]);
}
