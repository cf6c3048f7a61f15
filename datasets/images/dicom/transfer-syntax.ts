import { ImageFault } from "../image-fault.ts";

/** What turns the bytes of a frame into samples. */
export type FrameCodec = "none" | "rle" | "jpeg" | "jpeg-lossless" | "jpeg-ls" | "jpeg-2000";

export interface TransferSyntax {
  name: string;
  codec: FrameCodec;
}

/** Transfer syntaxes that can be read: DICOM PS3.5 section 10 and annex A, by their UIDs. */
const SYNTAXES: Record<string, TransferSyntax> = {
  "1.2.840.10008.1.2": { name: "implicit little endian", codec: "none" },
  "1.2.840.10008.1.2.1": { name: "explicit little endian", codec: "none" },
  "1.2.840.10008.1.2.1.99": { name: "deflated explicit little endian", codec: "none" },
  "1.2.840.10008.1.2.2": { name: "explicit big endian", codec: "none" },
  "1.2.840.10008.1.2.4.50": { name: "JPEG baseline", codec: "jpeg" },
  "1.2.840.10008.1.2.4.51": { name: "JPEG extended", codec: "jpeg" },
  "1.2.840.10008.1.2.4.57": { name: "JPEG lossless", codec: "jpeg-lossless" },
  "1.2.840.10008.1.2.4.70": { name: "JPEG lossless, first-order prediction", codec: "jpeg-lossless" },
  "1.2.840.10008.1.2.4.80": { name: "JPEG-LS, lossless", codec: "jpeg-ls" },
  "1.2.840.10008.1.2.4.81": { name: "JPEG-LS, near-lossless", codec: "jpeg-ls" },
  "1.2.840.10008.1.2.4.90": { name: "JPEG 2000, lossless", codec: "jpeg-2000" },
  "1.2.840.10008.1.2.4.91": { name: "JPEG 2000", codec: "jpeg-2000" },
  "1.2.840.10008.1.2.5": { name: "run-length encoding", codec: "rle" },
};

export const BIG_ENDIAN = "1.2.840.10008.1.2.2";

/** Throws: ImageFault for a syntax that is not read (video, JPIP, high-throughput JPEG 2000). */
export function transferSyntax(uid: string): TransferSyntax {
  const found = SYNTAXES[uid];
  if (found) return found;
  const shown = /^[\d.]{1,64}$/.test(uid) ? ` ${uid}` : "";
  throw new ImageFault(
    `its transfer syntax${shown} is none that is read (uncompressed, deflated, RLE, JPEG, JPEG lossless, JPEG-LS, JPEG 2000)`,
    "Convert the file to explicit little endian, or leave this image out.",
  );
}
