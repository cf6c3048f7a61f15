import type { RgbImage } from "./rgb-image.ts";
import type { WindowChoice, WindowRecord } from "./window.ts";

/** How the volume of a NIfTI file is cut. */
export type Plane = "axial" | "coronal" | "sagittal";

/** Choices that a file leaves open. What does not apply to a file (a window on a colour photograph) is left aside, and noted. */
export interface DecodeOptions {
  /**
   * Whether the rotation that a camera noted in EXIF is carried out. Default "apply": the picture then stands as every viewer shows
   * it, and as those who wrote questions about it saw it. "ignore" gives the pixels in stored order, as pipelines do that read with
   * Pillow alone.
   */
  exifOrientation?: "apply" | "ignore";
  /** How values become grey levels. Default "file": the file's own window, or what stands for it (see WindowSource). */
  window?: WindowChoice;
  /** Frame of a DICOM file, page of a TIFF, picture of a GIF or WebP animation; from 0. Default 0. */
  frame?: number;
  /** Cut through a NIfTI volume. Default "axial". */
  plane?: Plane;
  /** Slice of a NIfTI volume, from 0: from the feet, from the back or from the patient's left. Default: the middle one. */
  slice?: number;
  /** Volume of a 4-D NIfTI file, from 0. Default 0. */
  volume?: number;
}

/** How an image came from its file: enough to decode it again to the same pixels, and nothing about a patient. */
export interface Decoding {
  /** "png", "jpeg", "dicom", "nifti-1" ... */
  format: string;
  /** How pixels are stored, for example "JPEG 2000, lossless; YBR_RCT; 8 of 8 bits, unsigned". */
  storage: string;
  /** Absent for colour, and for 8-bit grey that was taken as it is. */
  window?: WindowRecord;
  /** Index from 0, where the file holds more than one. */
  frame?: { index: number; count: number };
  slice?: { plane: Plane; index: number; count: number };
  volume?: { index: number; count: number };
  /** What was turned, and which side is which. */
  orientation?: string;
  /** Distance of pixel centres, between rows and between columns, in millimetres, as the file states it. Pixels are never resampled. */
  spacing?: [row: number, column: number];
  /** What a reader of the result should know, such as text burned into the pixels. */
  notes: string[];
}

/** An image with the way it was decoded. */
export interface DecodedImage extends RgbImage {
  decoding: Decoding;
}

/** A file format. To add one: a file beside this, and a line in index.ts. */
export interface ImageFormat {
  /** Whether the first bytes are this format's; names and extensions are never looked at. */
  matches(bytes: Buffer): boolean;
  /** Throws: ImageFault, or another Error whose message says why the bytes cannot be decoded. */
  decode(bytes: Buffer, options: DecodeOptions): Promise<DecodedImage>;
}
