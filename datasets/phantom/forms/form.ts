import type { RgbImage } from "../../image.ts";
import type { Split } from "../knowledge/splits.ts";
import type { FormName } from "./splits.ts";

/** One file of an exported form. */
export interface FormFile {
  /** Relative, with "/" on every system. */
  path: string;
  bytes: Uint8Array;
}

export interface FormOptions {
  /** Whole number from 0 to `MAX_SEED`. The same seed gives the same bytes; another one shares no image with it. */
  seed: number;
  /** Records of each split, where fewer are wanted than the form has. */
  counts?: Partial<Record<Split, number>>;
  signal?: AbortSignal;
  /** Called after every record or image made. */
  onProgress?: (done: number, total: number) => void;
  /** Vectors of the places of an image: the vision encoder of the model for which confusion pairs are mined. Only that form needs it. */
  encode?: (image: RgbImage) => Promise<Float32Array[]>;
}

/** One of the benchmarks that the phantom world is written as, in the published files and fields. */
export interface PhantomForm {
  name: FormName;
  /** One line for lists. */
  summary: string;
  /** Whether `files` needs `encode`. */
  needsEncoder?: true;
  /** Records of each split when nothing else is asked for. */
  counts: Readonly<Record<Split, number>>;
  /** Paragraphs of the data card: files and fields beyond the published ones, and how they were made. */
  card: readonly string[];
  /**
   * Makes the files one after another, in a fixed order.
   *
   * Throws: CancelledError between two records; ExportSeedError.
   */
  files(options: FormOptions): AsyncIterable<FormFile>;
}

/** The bytes of a list of records as the published files have them. */
export const jsonBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
