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
      /** Names of nodes that WebGPU must leave to the CPU. */
      cpuNodes?: string[];
    }
  | {
      id: number;
      type: "run";
      handle: number;
      feeds: Record<string, Tensor>;
      state?: StateUse;
      /** Outputs to return; all when absent. */
      outputs?: string[];
    }
  | {
      id: number;
      type: "state";
      put?: Record<string, Tensor>;
      /** Sizes of float32 tensors of zeros, made in the worker. */
      zeros?: Record<string, readonly number[]>;
      get?: string[];
      drop?: string[];
    }
  | { id: number; type: "release"; handle: number };

export type WorkerReply =
  | { id: number; type: "created"; info: SessionInfo }
  | { id: number; type: "ran"; outputs: Record<string, Tensor> }
  | { id: number; type: "released" }
  | { id: number; type: "stated"; tensors: Record<string, Tensor> }
  | { id: number; type: "failed"; message: string };

/** Tensors that stay in the worker: graph input to slot, and graph output to slot. */
export interface StateUse {
  read: Record<string, string>;
  write: Record<string, string>;
}

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
