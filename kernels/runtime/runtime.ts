import { totalmem } from "node:os";
import type { Tensor } from "../tensor.ts";
import { chooseDevice } from "./choose-device.ts";
import type { DeviceChoice, DeviceReport } from "./device.ts";
import type { ModelSource } from "./model-source.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { SessionBudget } from "./session-budget.ts";
import { SessionState } from "./session-state.ts";
import { Session } from "./session.ts";
import { WorkerKeeper } from "./worker-keeper.ts";

export { ModelFileError } from "./model-file-error.ts";

export interface RuntimeOptions {
  /** Bytes that compiled programs may take before those unused for longest are closed. Default: a quarter of the machine's memory. */
  memory?: number;
}

/**
 * ONNX Runtime in a worker thread, on one device.
 *
 * Owns the worker and every session opened through it; `dispose` releases them all.
 */
export class Runtime {
  readonly #workers: WorkerKeeper;
  readonly device: DeviceReport;
  /** Compiled programs that are open, and how much memory they may take. */
  readonly budget: SessionBudget;
  /** Files that sessions map; gone after `dispose`. */
  readonly scratch = new ScratchFolder();

  private constructor(workers: WorkerKeeper, device: DeviceReport, { memory = totalmem() / 4 }: RuntimeOptions) {
    this.#workers = workers;
    this.device = device;
    this.budget = new SessionBudget(memory);
  }

  /** Throws: DeviceUnavailableError when WebGPU was asked for by name and there is no adapter. */
  static async start(choice: DeviceChoice, options: RuntimeOptions = {}): Promise<Runtime> {
    const workers = new WorkerKeeper();
    try {
      return new Runtime(workers, await chooseDevice(choice, workers.current), options);
    } catch (error) {
      await workers.stop();
      throw error;
    }
  }

  /**
   * Opens a session over a file or over model bytes. Weights outside the bytes are mapped from their folder and shared by every
   * session over them, on the CPU.
   *
   * A function as `source` is called again whenever the session must be compiled anew; bytes are kept for that purpose.
   * `where` names the source in errors. Throws: ModelFileError when ONNX Runtime refuses it. The caller releases the session.
   */
  open(source: ModelSource | (() => Promise<ModelSource>), where: string): Promise<Session> {
    return Session.open({
      workers: this.#workers,
      budget: this.budget,
      source: typeof source === "function" ? source : () => source,
      where,
      device: this.device.device,
    });
  }

  /** Runs a graph once on the CPU, unoptimised, so that every intermediate value can be an output. Used for tracing. */
  async runOnce(model: Uint8Array, feeds: Record<string, Tensor>, folder?: string): Promise<Record<string, Tensor>> {
    const worker = this.#workers.current;
    const { info } = await worker.ask<"create">({
      type: "create",
      source: model,
      folder,
      device: "cpu",
      optimise: false,
    });
    try {
      return (await worker.ask<"run">({ type: "run", handle: info.handle, feeds })).outputs;
    } finally {
      if (!worker.lost) await worker.ask<"release">({ type: "release", handle: info.handle });
    }
  }

  /** Opens room for tensors that stay in the worker from run to run. The caller disposes it. */
  state(): SessionState {
    return new SessionState(this.#workers.current);
  }

  async dispose(): Promise<void> {
    await this.#workers.stop();
    this.scratch.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
