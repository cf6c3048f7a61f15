import { UserFacingError } from "../errors.ts";

/**
 * Cause: the thread that runs the models stopped (memory, a crash of the engine). Handled by: the user, who repeats the call: sessions
 * are opened anew in a new thread. What only that thread held, such as weights under training, is gone.
 */
export class WorkerLostError extends UserFacingError {}

/**
 * Cause: the graphics device went away (driver reset, sleep, out of memory). Handled by: the user, who repeats the call, or takes the
 * CPU; nothing falls back by itself.
 */
export class DeviceLostError extends WorkerLostError {}

/** Whether an engine's message says that the device is gone, in the words of ONNX Runtime, Dawn, Vulkan or Direct3D. */
export const saysDeviceLost = (message: string): boolean =>
  /device (is|was|has been|got)? ?lost|lost device|DEVICE_LOST|DEVICE_(REMOVED|RESET|HUNG)/i.test(message);
