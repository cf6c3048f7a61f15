import type { Tensor } from "../tensor.ts";

/** Messages to the thread that owns the sessions. */
export type WorkerRequest =
  | {
      id: number;
      type: "create";
      source: string | Uint8Array;
      /** Folder of the weights that lie outside `source`. */
      folder?: string;
      device: "cpu" | "webgpu";
      optimise: boolean;
    }
  | { id: number; type: "run"; handle: number; feeds: Record<string, Tensor> }
  | { id: number; type: "release"; handle: number };

export type WorkerReply =
  | { id: number; type: "created"; info: SessionInfo }
  | { id: number; type: "ran"; outputs: Record<string, Tensor> }
  | { id: number; type: "released" }
  | { id: number; type: "failed"; message: string };

export interface ValueInfo {
  name: string;
  type: string;
  /** Numbers, or names of symbolic dimensions. */
  shape: (number | string)[];
}

export interface SessionInfo {
  handle: number;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
}
