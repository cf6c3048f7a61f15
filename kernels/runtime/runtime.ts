import { UserFacingError } from "../errors.ts";
import type { SessionSource } from "../onnx/session-source.ts";
import type { Tensor } from "../tensor.ts";
import { chooseDevice } from "./choose-device.ts";
import type { DeviceChoice, DeviceReport } from "./device.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { SessionState } from "./session-state.ts";
import { Session } from "./session.ts";
import { WorkerClient } from "./worker-client.ts";

/** Cause: ONNX Runtime refused a file. Handled by: the user, who replaces the file; the message names it. */
export class ModelFileError extends UserFacingError {}

/**
 * ONNX Runtime in a worker thread, on one device.
 *
 * Owns the worker and every session opened through it; `dispose` releases them all.
 */
export class Runtime {
  readonly #worker: WorkerClient;
  readonly device: DeviceReport;
  /** Files that sessions map; gone after `dispose`. */
  readonly scratch = new ScratchFolder();

  private constructor(worker: WorkerClient, device: DeviceReport) {
    this.#worker = worker;
    this.device = device;
  }

  /** Throws: DeviceUnavailableError when WebGPU was asked for by name and there is no adapter. */
  static async start(choice: DeviceChoice): Promise<Runtime> {
    const worker = new WorkerClient();
    try {
      return new Runtime(worker, await chooseDevice(choice, worker));
    } catch (error) {
      await worker.stop();
      throw error;
    }
  }

  /**
   * Opens a session over a file or over model bytes. Weights outside the bytes are mapped from `folder` and shared by every session
   * over them, on the CPU.
   *
   * `where` names the source in errors. Throws: ModelFileError when ONNX Runtime refuses it. The caller releases the session.
   */
  async open(source: string | Uint8Array | SessionSource, where: string): Promise<Session> {
    try {
      const { info } = await this.#worker.ask<"create">({
        type: "create",
        ...given(source),
        device: this.device.device,
        optimise: true,
      });
      return new Session(this.#worker, info);
    } catch (error) {
      throw new ModelFileError(
        `${where}: ONNX Runtime cannot load this model (${firstLine(error)}). Download or export the file again.`,
        { cause: error },
      );
    }
  }

  /** Runs a graph once on the CPU, unoptimised, so that every intermediate value can be an output. Used for tracing. */
  async runOnce(model: Uint8Array, feeds: Record<string, Tensor>, folder?: string): Promise<Record<string, Tensor>> {
    const { info } = await this.#worker.ask<"create">({
      type: "create",
      source: model,
      folder,
      device: "cpu",
      optimise: false,
    });
    try {
      return (await this.#worker.ask<"run">({ type: "run", handle: info.handle, feeds })).outputs;
    } finally {
      await this.#worker.ask<"release">({ type: "release", handle: info.handle });
    }
  }

  /** Opens room for tensors that stay in the worker from run to run. The caller disposes it. */
  state(): SessionState {
    return new SessionState(this.#worker);
  }

  async dispose(): Promise<void> {
    await this.#worker.stop();
    this.scratch.dispose();
  }
}

const given = (source: string | Uint8Array | SessionSource): { source: string | Uint8Array; folder?: string } =>
  typeof source === "string" || source instanceof Uint8Array
    ? { source }
    : { source: source.bytes, folder: source.folder };

const firstLine = (error: unknown) =>
  String((error as Error)?.message ?? error)
    .split("\n")[0]
    .slice(0, 200);
