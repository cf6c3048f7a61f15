import type { DicomFrame } from "../dicom/read-dicom.ts";

/** One compressed frame and what the DICOM header says of it. */
export interface CodecJob {
  kind: "jpeg-lossless" | "jpeg-ls" | "jpeg-2000";
  bytes: Uint8Array;
  rows: number;
  columns: number;
  samplesPerPixel: number;
}

/** Samples of `bits` bits, little endian, of the whole frame. */
export interface CodecResult {
  bytes: Uint8Array;
  bits: 8 | 16;
  planar: boolean;
}

export interface DicomJob {
  kind: "dicom";
  bytes: Uint8Array;
  frame: number | undefined;
}

export type Job = DicomJob | CodecJob;
export type ResultOf<J extends Job> = J extends DicomJob ? DicomFrame : CodecResult;

/** What the thread answers. Errors travel as words: those of parsers carry what they had read. */
export type Answer = { result: DicomFrame | CodecResult } | Refusal;

export interface Refusal {
  message: string;
  next?: string;
  /** Whether a codec trapped, and may be left in any state. */
  aborted: boolean;
}
