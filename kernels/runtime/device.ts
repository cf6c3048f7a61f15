import { UserFacingError } from "../errors.ts";
import type { AdapterInfo } from "./adapter-info.ts";

export const DEVICES = ["auto", "cpu", "webgpu"] as const;
/** What the user asks for. */
export type DeviceChoice = (typeof DEVICES)[number];

/** What was taken, and why. */
export interface DeviceReport {
  requested: DeviceChoice;
  device: "cpu" | "webgpu";
  /** One sentence for the user, such as "auto: no WebGPU adapter was found, so the CPU runs the model". */
  reason: string;
  /** What the system says of its graphics adapters, whichever device was taken; absent where it has no WebGPU. */
  adapter?: AdapterInfo;
}

/** Cause: the user asked for WebGPU by name and this machine offers no adapter. Handled by: the caller; nothing falls back silently. */
export class DeviceUnavailableError extends UserFacingError {}
