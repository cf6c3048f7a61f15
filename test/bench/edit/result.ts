import type { Reported } from "./subjects.ts";

/** What one edit took, all times in seconds. */
export interface MeasuredEdit {
  seconds: number;
  /** Processor time over all threads. */
  cpu: number;
  /** Passes of sequences through the decoder, or part of it, and back. */
  forward: number;
  backward: number;
  /** The same runs of the decoder, each at the time that it takes when it is repeated. */
  floor: number;
  cpuFloor: number;
  /** Time spent waiting for them, and for other graphs (look-up of tokens, vision encoder); what remains is spent between runs. */
  decoder: number;
  other: number;
  /** By graph, what was run most first. */
  graphs: { graph: string; runs: number; seconds: number; floor: number }[];
}

/** What one editor took on one model, in a process of its own. */
export interface EditorResult {
  model: string;
  editor: string;
  options: Record<string, unknown>;
  /** Of the first timed case's prompt, image rows included. */
  tokens: number;
  edits: MeasuredEdit[];
  /** Seconds of the edit before those, in which graphs are compiled and statistics gathered. */
  warmUp: number;
  /** Resident memory once the model is loaded, and the most up to the last edit, MiB. */
  loaded: number;
  peak: number;
  reported?: Reported;
}
