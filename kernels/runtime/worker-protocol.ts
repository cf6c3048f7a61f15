import type { Tensor } from "../tensor.ts";

/** Messages to the thread that owns the sessions. */
export type WorkerRequest =
  | {
      id: number;
      type: "create";
      source: string | Uint8Array;
      /** Folder of the weights that lie outside `source`. */
      folder?: string;
      /** Whether those are packed for this session. */
      packed?: boolean;
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
  | ({ id: number; type: "loop"; handle: number; feeds: Record<string, Tensor>; state: StateUse } & LoopRule)
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
  | { id: number; type: "looped"; losses: number[] }
  | { id: number; type: "released" }
  | { id: number; type: "stated"; tensors: Record<string, Tensor> }
  | { id: number; type: "failed"; message: string };

/** A graph that is run again and again, each time on what it wrote before. */
export interface LoopRule {
  /** Float32 numbers that are fed at each step, by input; there are as many steps as numbers, at most. */
  numbers: Record<string, readonly number[]>;
  /** The scalar output to follow. */
  loss: string;
  /** Ends with a step of which it is below this, or not finite; what that step wrote is dropped, or leaves what is trained as it is (manySteps). */
  stopBelow: number;
}

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
