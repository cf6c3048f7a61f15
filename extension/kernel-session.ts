import { EventEmitter } from "node:events";
import type { Disposable, LogOutputChannel } from "vscode";
import { KernelClient, type CellMessage } from "../kernels/notebook/client.ts";
import { KernelStartError } from "../kernels/notebook/kernel-process.ts";
import type { CellError, CellOutcome } from "../kernels/notebook/protocol.ts";
import type { KernelLaunch } from "./kernel-launch.ts";

type Log = Pick<LogOutputChannel, "info" | "warn" | "error">;
export type KernelState = "starting" | "idle" | "busy" | "dead";

interface SessionEvents {
  /** The state, the device or the Node changed. */
  change: [];
  /** What happened, in words for the user, when the kernel cannot be started or ended unasked. */
  fail: [what: string];
}

const INTERRUPTED_EARLY: CellError = {
  name: "Interrupted",
  message: "The cell was interrupted while the kernel started. It did not run.",
  stack: "",
};

/** The kernel of one notebook: its process is started when first asked for, and anew after it ended. */
export class KernelSession extends EventEmitter<SessionEvents> implements Disposable {
  readonly #launch: () => Promise<KernelLaunch>;
  readonly #log: Log;
  #starting: Promise<KernelClient> | undefined;
  #client: KernelClient | undefined;
  /** Rises with every end, so that a start which was overtaken notices. */
  #generation = 0;
  /** Rises with every interrupt, so that a cell that still waits for the process notices. */
  #interrupts = 0;
  #disposed = false;
  #cells = 0;
  #order = 0;
  #device: { device: string; reason: string } | undefined;
  #node = "";

  /** `launch` is asked at every start, so that a restart applies changed settings. */
  constructor(launch: () => Promise<KernelLaunch>, log: Log) {
    super();
    this.#launch = launch;
    this.#log = log;
  }

  get state(): KernelState {
    if (this.#client) return this.#cells ? "busy" : "idle";
    return this.#starting ? "starting" : "dead";
  }

  /** What models run on and why, once a cell has loaded one. */
  get device(): { device: string; reason: string } | undefined {
    return this.#device;
  }

  /** Which Node runs the kernel, and why. */
  get node(): string {
    return this.#node;
  }

  /** The client, if its process is ready now; for questions that are not worth waiting or starting for. */
  get ready(): KernelClient | undefined {
    return this.#client;
  }

  /** Whether the process may hold variables: a cell was run since it started. */
  get hasRun(): boolean {
    return this.#order > 0;
  }

  nextExecutionOrder(): number {
    return ++this.#order;
  }

  /** Starts the process ahead of need. A failure is told by the event `fail` alone. */
  warmUp(): void {
    this.start().catch(() => undefined);
  }

  /** Starts the process unless there is one. Throws: KernelStartError or NodeBinaryError, after the event `fail`. */
  start(): Promise<KernelClient> {
    if (!this.#starting) {
      this.#starting = this.#startProcess();
      this.emit("change");
    }
    return this.#starting;
  }

  /** Runs one cell, starting the process first where there is none. Throws as `start` does; a failing cell is an outcome. */
  async execute(
    code: string,
    options: { cell: string; onMessage: (message: CellMessage) => void },
  ): Promise<CellOutcome> {
    const [generation, interrupts] = [this.#generation, this.#interrupts];
    const client = await this.start();
    // While the process started, there was nothing to send an interrupt to. After a restart the cell's variables would be missing.
    if (generation !== this.#generation) return "interrupted";
    if (interrupts !== this.#interrupts) {
      options.onMessage({ type: "error", id: "", error: INTERRUPTED_EARLY });
      return "interrupted";
    }
    this.#cells++;
    this.emit("change");
    try {
      return await client.execute(code, options);
    } finally {
      this.#cells--;
      this.emit("change");
    }
  }

  /** Stops the running cell; a process that does not obey is replaced, and then all variables are lost. */
  async interrupt(): Promise<void> {
    this.#interrupts++;
    const client = this.#client;
    try {
      if ((await client?.interrupt()) !== "restarted") return;
    } catch (error) {
      // The replacement could not be started; unless a restart or the end of the notebook came in between, nobody else tells.
      if (client === this.#client) this.#fail((error as Error).message);
      return;
    }
    this.#log.warn("The kernel did not stop when asked and was replaced; its variables are lost.");
    this.#resetCounters();
    this.emit("change");
  }

  /** Replaces the process by a fresh one; the running cell ends as interrupted. Says whether the new one started. */
  async restart(): Promise<boolean> {
    this.#end();
    return this.start().then(
      () => true,
      () => false,
    );
  }

  dispose(): void {
    this.#disposed = true;
    this.#end();
    this.removeAllListeners();
  }

  async #startProcess(): Promise<KernelClient> {
    const generation = this.#generation;
    try {
      const launch = await this.#launch();
      this.#log.info(`Starting a kernel in ${launch.cwd} with ${launch.reason}.`);
      const client = await KernelClient.start(launch);
      if (generation === this.#generation) return this.#adopt(client, launch.reason);
      // A restart or the end of the notebook came in between.
      client.dispose();
    } catch (error) {
      if (generation === this.#generation) this.#fail((error as Error).message);
      throw error;
    }
    if (this.#disposed) throw new KernelStartError("The notebook was closed while its kernel started. Open it again.");
    return this.start();
  }

  #adopt(client: KernelClient, node: string): KernelClient {
    client.on("device", (report) => {
      this.#device = report;
      this.#log.info(`Device: ${report.device} (${report.reason})`);
      this.emit("change");
    });
    client.on("log", (text) => this.#log.warn(text.trimEnd()));
    client.on("crash", (what) => this.#fail(what));
    this.#client = client;
    this.#node = node;
    this.emit("change");
    return client;
  }

  #fail(what: string): void {
    this.#log.error(what);
    this.#end();
    this.emit("change");
    this.emit("fail", what);
  }

  #end(): void {
    this.#generation++;
    const client = this.#client;
    this.#client = this.#starting = undefined;
    this.#resetCounters();
    client?.dispose();
  }

  #resetCounters(): void {
    this.#order = 0;
    this.#device = undefined;
  }
}
