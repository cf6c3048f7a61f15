import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import { INTERRUPT_BYTE } from "./interrupt-channel.ts";
import { endProcess, exitText, onExit } from "./kernel-exit.ts";
import { interruptPipe, KernelStartError, startKernelProcess, type KernelProcessOptions } from "./kernel-process.ts";
import type { CellOutcome, Completion, KernelMessage, KernelRequest } from "./protocol.ts";
import { RecentLines } from "./recent-lines.ts";

/** Messages that belong to a cell; late ones (output of timers) come after its `execute` has resolved. */
export type CellMessage = Extract<KernelMessage, { type: "stream" | "display" | "result" | "error" }>;

export type KernelVersions = Extract<KernelMessage, { type: "ready" }>["versions"];

/** `stopped`: the cell ended and the state is kept. `restarted`: the process had to be killed, the state is lost. */
export type InterruptOutcome = "stopped" | "restarted" | "idle";

export interface KernelEvents {
  /** The process ended without being asked to; the text says why and what is lost. The next `execute` starts a new one. */
  crash: [message: string];
  /** A new process is ready, after `restart`, a crash or an interrupt that needed force. */
  ready: [versions: KernelVersions];
  device: [report: { device: string; reason: string }];
  /** Text that native code or child processes wrote past the kernel's streams. */
  log: [text: string];
}

/** Milliseconds from an interrupt request to the next stronger means. */
export const ESCALATION = { terminate: 1000, kill: 5000 } as const;

interface Pending {
  label: string;
  code: string;
  onMessage: (message: CellMessage) => void;
  finish: (outcome: CellOutcome) => void;
}

/**
 * A host's side of one kernel process. Free of heavy imports, so that an extension host can load it.
 *
 * `execute` calls are queued here, so that an interrupt can drop those that wait. Dispose of it: the process ends with its host, but not before.
 */
export class KernelClient extends EventEmitter<KernelEvents> {
  readonly #options: KernelProcessOptions;
  #child: ChildProcess | undefined;
  #pipe: Writable | undefined;
  #ready: Promise<void> | undefined;
  #disposed = false;
  #versions: KernelVersions | undefined;
  #count = 0;
  /** Cells in order; the first one is in the kernel. */
  readonly #pending = new Map<string, Pending>();
  readonly #replies = new Map<string, (message: KernelMessage | undefined) => void>();
  #running: string | undefined;
  #last: { id: string; onMessage: (message: CellMessage) => void } | undefined;

  private constructor(options: KernelProcessOptions) {
    super();
    this.#options = options;
  }

  /** Throws: KernelStartError when the process cannot start or ends before it is ready. */
  static async start(options: KernelProcessOptions): Promise<KernelClient> {
    const client = new KernelClient(options);
    await client.#ensureStarted();
    return client;
  }

  /** Of the process that runs, or ran last. */
  get versions(): KernelVersions | undefined {
    return this.#versions;
  }

  /** Whether cells run or wait. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /**
   * Runs a cell. `cell` names it in error frames ("Cell 3"). Resolves with its outcome, never rejects for a failing cell; errors come
   * as messages, a crash of the process included.
   *
   * Throws: KernelStartError where the process had to be started anew and could not.
   */
  execute(
    code: string,
    { cell, onMessage }: { cell: string; onMessage: (message: CellMessage) => void },
  ): Promise<CellOutcome> {
    const id = `${++this.#count}`;
    return new Promise((finish, reject) => {
      this.#pending.set(id, { label: cell, code, onMessage, finish });
      this.#ensureStarted().then(
        () => this.#sendNext(),
        (error: unknown) => {
          this.#pending.delete(id);
          reject(error as Error);
        },
      );
    });
  }

  /** Completions at a position in a cell; empty when the kernel is gone. Waits while a cell keeps the process busy. */
  async complete(code: string, offset: number): Promise<Completion[]> {
    const reply = await this.#ask({ type: "complete", id: `${++this.#count}`, code, offset });
    return reply?.type === "completions" ? reply.items : [];
  }

  async hover(code: string, offset: number): Promise<{ signature?: string; documentation?: string }> {
    const reply = await this.#ask({ type: "hover", id: `${++this.#count}`, code, offset });
    if (reply?.type !== "hover-info") return {};
    const { signature, documentation } = reply;
    return { ...(signature !== undefined && { signature }), ...(documentation !== undefined && { documentation }) };
  }

  /**
   * Stops the running cell, and drops those that wait. A flag ends loops and library work; a main thread that is not free after a
   * second is cut off; a process that has not answered after five is killed and started again.
   */
  async interrupt(): Promise<InterruptOutcome> {
    // Before the process is ready even the first cell waits.
    const running = [...this.#pending].find(([id]) => id === this.#running);
    for (const [id, pending] of [...this.#pending]) if (id !== this.#running) this.#finish(id, pending, "interrupted");
    const pipe = this.#pipe;
    // Nothing is sent while no cell runs: it could arrive late, and stop the cell that is run next.
    if (!pipe || !running) return "idle";
    const [id, pending] = running;
    pipe.write(Buffer.of(INTERRUPT_BYTE.raise));
    const stronger = setTimeout(() => pipe.write(Buffer.of(INTERRUPT_BYTE.terminate)), ESCALATION.terminate);
    let timer: NodeJS.Timeout;
    const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), ESCALATION.kill)));
    const ended = new Promise<"ended">((resolve) => {
      const { finish } = pending;
      pending.finish = (outcome) => (finish(outcome), resolve("ended"));
    });
    const child = this.#child;
    const first = await Promise.race([ended, late]);
    clearTimeout(stronger);
    clearTimeout(timer!);
    if (first === "ended") return this.#child === child ? "stopped" : "restarted";
    const message = `${pending.label} did not stop within ${ESCALATION.kill / 1000} s, so the kernel was restarted. All variables are lost; run the notebook from the start.`;
    pending.onMessage({ type: "error", id, error: { name: "KernelRestarted", message, stack: "" } });
    this.#finish(id, pending, "interrupted");
    this.#child?.kill("SIGKILL"); // it has shown that it does not listen
    await this.restart();
    return "restarted";
  }

  /** Ends the process and starts a new one; running cells end as interrupted. */
  async restart(): Promise<void> {
    this.#stop();
    await this.#ensureStarted();
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
    this.removeAllListeners();
  }

  #ensureStarted(): Promise<void> {
    if (this.#disposed) return Promise.reject(new KernelStartError("This kernel was closed. Open the notebook again."));
    return (this.#ready ??= this.#start().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    }));
  }

  async #start(): Promise<void> {
    const child = startKernelProcess(this.#options);
    this.#child = child;
    this.#pipe = interruptPipe(child);
    const stderr = new RecentLines(20);
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr.add(text), this.emit("log", text)));
    child.stdout!.setEncoding("utf8").on("data", (text: string) => this.emit("log", text));
    await new Promise<void>((resolve, reject) => {
      let started = false;
      const fail = (why: string) => {
        // Cells that wait for this start fail with its error; `execute` sees to that.
        if (this.#child === child) this.#letGo();
        reject(
          new KernelStartError(`The kernel did not start: ${why}. Check the Node.js binary (version 20.19 or newer).`),
        );
      };
      child.once("error", (error) => fail(error.message));
      onExit(child, (code, signal) => {
        const why = exitText(code, signal, stderr.text());
        if (!started) fail(why);
        else if (this.#child === child) this.#onCrash(why);
      });
      child.on("message", (message: KernelMessage) => {
        if (this.#child !== child) return;
        if (message.type === "ready") {
          started = true;
          resolve();
        }
        this.#onMessage(message);
      });
    });
  }

  #onMessage(message: KernelMessage): void {
    switch (message.type) {
      case "ready":
        this.#versions = message.versions;
        this.emit("ready", message.versions);
        return;
      case "device":
        this.emit("device", { device: message.device, reason: message.reason });
        return;
      case "completions":
      case "hover-info":
        this.#replies.get(message.id)?.(message);
        return;
      case "done": {
        const pending = this.#pending.get(message.id);
        if (pending) this.#finish(message.id, pending, message.outcome);
        return;
      }
      default: {
        const pending = this.#pending.get(message.id) ?? (this.#last?.id === message.id ? this.#last : undefined);
        pending?.onMessage(message);
      }
    }
  }

  #finish(id: string, pending: Pending, outcome: CellOutcome): void {
    if (!this.#pending.delete(id)) return;
    const ran = this.#running === id;
    if (ran) this.#last = { id, onMessage: pending.onMessage };
    pending.finish(outcome);
    if (!ran) return;
    this.#running = undefined;
    this.#sendNext();
  }

  #sendNext(): void {
    const [next] = this.#pending;
    if (this.#running !== undefined || !next) return;
    const [id, { label, code }] = next;
    this.#running = id;
    this.#send({ type: "execute", id, cell: label, code });
  }

  #onCrash(reason: string): void {
    const [running] = this.#pending;
    const during = running ? ` while ${running[1].label} ran` : "";
    const text = `The kernel process ended${during} (${reason}). All variables are lost; run the notebook from the start.`;
    this.#child = undefined; // nothing more is sent to it
    if (running) {
      running[1].onMessage({ type: "error", id: running[0], error: { name: "KernelDied", message: text, stack: "" } });
      this.#finish(running[0], running[1], "error");
    }
    this.#stop();
    this.emit("crash", text);
  }

  /** Lets the process go, by force where it does not listen; cells that run or wait end as interrupted. */
  #stop(): void {
    this.#letGo();
    for (const [id, pending] of [...this.#pending]) this.#finish(id, pending, "interrupted");
    for (const reply of [...this.#replies.values()]) reply(undefined);
  }

  #letGo(): void {
    const child = this.#child;
    this.#child = this.#pipe = this.#ready = this.#running = this.#last = undefined;
    if (child) endProcess(child);
  }

  async #ask(request: Extract<KernelRequest, { type: "complete" | "hover" }>): Promise<KernelMessage | undefined> {
    await this.#ensureStarted();
    return new Promise((resolve) => {
      this.#replies.set(request.id, (message) => (this.#replies.delete(request.id), resolve(message)));
      this.#send(request);
    });
  }

  #send(request: KernelRequest): void {
    this.#child?.send(request, () => {});
  }
}
