import type { MimeBundle } from "../display/mime.ts";

/**
 * Messages between a notebook host and the kernel process (structured clone over IPC; Uint8Array passes).
 * One request runs at a time in arrival order, but completion and hover are answered between cells.
 * Interrupt is not a message: a byte on the process's file descriptor 4 asks for it, because a busy main thread reads no messages.
 */
export type KernelRequest =
  /** `cell` names the cell in error frames, for example "Cell 3"; it must not contain line breaks. */
  | { type: "execute"; id: string; cell: string; code: string }
  | { type: "complete"; id: string; code: string; offset: number }
  | { type: "hover"; id: string; code: string; offset: number }
  | { type: "shutdown" };

/** `id` is that of the request that caused the message. */
export type KernelMessage =
  | { type: "ready"; versions: { medke: string; node: string; typescript: string } }
  | { type: "stream"; id: string; name: "stdout" | "stderr"; text: string }
  /** `displayId` given twice within one cell means: replace the earlier output in place. */
  | { type: "display"; id: string; data: MimeBundle; displayId?: string }
  | { type: "result"; id: string; data: MimeBundle }
  | { type: "error"; id: string; error: CellError }
  | { type: "done"; id: string; outcome: CellOutcome }
  | { type: "completions"; id: string; items: Completion[] }
  | { type: "hover-info"; id: string; signature?: string; documentation?: string }
  | { type: "device"; device: string; reason: string };

export type CellOutcome = "ok" | "error" | "interrupted";

/**
 * `stack` starts with name and message and holds the user's own frames only, mapped to the cell's TypeScript lines ("at Cell 3, line 2,
 * column 5"). It is empty where the message says it all.
 */
export interface CellError {
  name: string;
  message: string;
  stack: string;
}

export interface Completion {
  label: string;
  /** TypeScript's ScriptElementKind, such as "method" or "const". */
  kind: string;
  sortText: string;
}
