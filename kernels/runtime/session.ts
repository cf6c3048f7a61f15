import { statSync } from "node:fs";
import type { Tensor } from "../tensor.ts";
import type { CpuNode } from "./cpu-nodes.ts";
import { WorkerLostError } from "./lost-errors.ts";
import { ModelFileError } from "./model-file-error.ts";
import type { ModelSource } from "./model-source.ts";
import type { SessionBudget } from "./session-budget.ts";
import { untilAborted } from "./until-aborted.ts";
import { webgpuSource } from "./webgpu-source.ts";
import type { WorkerClient } from "./worker-client.ts";
import type { WorkerKeeper } from "./worker-keeper.ts";
import type { LoopRule, SessionInfo, StateUse, ValueInfo } from "./worker-protocol.ts";

export interface RunOptions extends Partial<StateUse> {
  /** Outputs to return; the engine computes all, but only these are copied. Default: all. */
  outputs?: readonly string[];
  /** Calls the run off: at once if it has not begun, otherwise it ends unheard. */
  signal?: AbortSignal;
}

interface SessionParts {
  workers: WorkerKeeper;
  budget: SessionBudget;
  source: () => ModelSource | Promise<ModelSource>;
  where: string;
  device: "cpu" | "webgpu";
}

/**
 * A compiled graph in the session worker. Released by whoever opened it.
 *
 * It opens itself again when it is used after the worker was lost or after the memory budget closed it: results are the same, the
 * first run takes longer.
 */
export class Session {
  inputs: readonly ValueInfo[] = [];
  outputs: readonly ValueInfo[] = [];
  /** Nodes that run on the CPU although the session is on WebGPU, because WebGPU would compute them wrongly. */
  cpuNodes: readonly CpuNode[] = [];
  readonly #parts: SessionParts;
  #opening: { worker: WorkerClient; handle: Promise<number> } | undefined;
  #bytes = 0;
  #runs = 0;
  #released = false;

  private constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Throws: ModelFileError when ONNX Runtime refuses the graph. */
  static async open(parts: SessionParts): Promise<Session> {
    const session = new Session(parts);
    await session.#handle();
    return session;
  }

  /**
   * Runs the graph; the outputs are returned on the CPU, except those that `read` and `write` keep in the worker (see
   * SessionState.use). Feeds are copied, so the caller keeps them.
   *
   * Throws: CancelledError; WorkerLostError or DeviceLostError when the run was cut short (repeat it: the session opens anew).
   */
  async run(feeds: Record<string, Tensor>, options: RunOptions = {}): Promise<Record<string, Tensor>> {
    const { outputs, signal, read, write } = options;
    const state = read || write ? { read: read ?? {}, write: write ?? {} } : undefined;
    return this.#busyWith(signal, async (worker, handle) => {
      const request = { type: "run" as const, handle, feeds, state, outputs: outputs && [...outputs] };
      return (await worker.ask<"run">(request, signal)).outputs;
    });
  }

  /**
   * Runs the graph again and again in the worker, each time on what it wrote before (`read` and `write` name the same places), and returns
   * the losses of as many runs as were made within a fifth of a second, of one at least: the caller reports them and asks for the rest. A graph
   * that takes many steps at once (see manySteps) is run for as many as should fit.
   *
   * Throws: as `run`.
   */
  async loop(
    feeds: Record<string, Tensor>,
    { read, write, signal, ...rule }: LoopRule & StateUse & { signal?: AbortSignal },
  ): Promise<number[]> {
    return this.#busyWith(signal, async (worker, handle) => {
      const request = { type: "loop" as const, handle, feeds, state: { read, write }, ...rule };
      return (await worker.ask<"loop">(request, signal)).losses;
    });
  }

  async #busyWith<T>(
    signal: AbortSignal | undefined,
    work: (worker: WorkerClient, handle: number) => Promise<T>,
  ): Promise<T> {
    this.#runs++;
    try {
      const { worker, handle } = await untilAborted(this.#handle(), signal, `running ${this.#parts.where}`);
      return await work(worker, handle);
    } finally {
      this.#runs--;
      this.#parts.budget.trim(this);
    }
  }

  /** Whether a run is under way. */
  get busy(): boolean {
    return this.#runs > 0;
  }

  /** Frees the compiled graph; the next run compiles it again. Only while not busy. */
  close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#parts.budget.forget(this);
    // A worker that is gone has freed it.
    opening?.handle.then((handle) => opening.worker.ask<"release">({ type: "release", handle })).catch(() => {});
  }

  /** Frees the compiled graph for good. */
  async release(): Promise<void> {
    this.#released = true;
    const opening = this.#opening;
    this.#opening = undefined;
    this.#parts.budget.forget(this);
    if (!opening || opening.worker.lost) return;
    await opening.worker.ask<"release">({ type: "release", handle: await opening.handle });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async #handle(): Promise<{ worker: WorkerClient; handle: number }> {
    if (this.#released) throw new Error(`internal: the session of ${this.#parts.where} was released before this run`);
    const worker = this.#parts.workers.current;
    if (this.#opening?.worker !== worker) {
      const opening = { worker, handle: this.#create(worker) };
      this.#opening = opening;
      opening.handle.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    const opening = this.#opening!;
    const handle = await opening.handle;
    if (this.#opening === opening) this.#parts.budget.touch(this, this.#bytes);
    return { worker, handle };
  }

  async #create(worker: WorkerClient): Promise<number> {
    const { device, where } = this.#parts;
    const source = await this.#parts.source();
    this.#bytes = estimate(source);
    try {
      const given = device === "webgpu" ? await webgpuSource(source, where) : { source, cpuNodes: [] };
      const { info } = await worker.ask<"create">({
        type: "create",
        ...inParts(given.source),
        device,
        optimise: true,
        cpuNodes: given.cpuNodes.map((node) => node.name),
      });
      this.cpuNodes = given.cpuNodes;
      this.#describe(info);
      return info.handle;
    } catch (error) {
      if (error instanceof WorkerLostError) throw error;
      throw new ModelFileError(
        `${where}: ONNX Runtime cannot load this model (${firstLine(error)}). Download or export the file again.`,
        { cause: error },
      );
    }
  }

  #describe({ inputs, outputs }: SessionInfo): void {
    this.inputs = inputs;
    this.outputs = outputs;
  }
}

const inParts = (source: ModelSource) =>
  typeof source === "string" || source instanceof Uint8Array
    ? { source }
    : { source: source.bytes, folder: source.folder, packed: source.packed !== undefined };

/** What the smallest session takes. */
const OVERHEAD = 2 ** 20;

/**
 * Bytes that a session will take of its own: ONNX Runtime keeps the weights and packs a second copy of the matrices. Mapped weights
 * count nothing: the system may drop their pages at any time. Of them only what the session packs does.
 */
function estimate(source: ModelSource): number {
  if (typeof source === "string") return OVERHEAD + 2 * (statSync(source, { throwIfNoEntry: false })?.size ?? 0);
  if (source instanceof Uint8Array) return OVERHEAD + 2 * source.length;
  return OVERHEAD + (source.folder === undefined ? 2 : 1) * source.bytes.length + (source.packed ?? 0);
}

const firstLine = (error: unknown) =>
  String((error as Error)?.message ?? error)
    .split("\n")[0]
    .slice(0, 200);
