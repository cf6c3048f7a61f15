import type { SessionSource } from "../onnx/session-source.ts";

/** A file, the bytes of a graph, or bytes with the folder of their data files. */
export type ModelSource = string | Uint8Array | SessionSource;
