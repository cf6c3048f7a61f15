import ts from "typescript";
import { setHost } from "../../host.ts";
import type { MimeBundle } from "../../display/mime.ts";
import type { CellError, CellOutcome, Completion, KernelMessage } from "../protocol.ts";
import { CapturedStreams } from "./captured-streams.ts";
import { toCellError } from "./cell-error.ts";
import { CellImports } from "./cell-imports.ts";
import { CellTypes } from "./cell-types.ts";
import { formatDiagnostics } from "./diagnostics.ts";
import { Evaluator } from "./evaluate.ts";
import type { InterruptFlags } from "./interrupt-flags.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { mimeBundleOf, resultBundleOf } from "./mime-bundle-of.ts";
import { silenceLoaderWarning } from "./package-import.ts";
import { ProgressLines } from "./progress-line.ts";
import { Run } from "./run.ts";
import { defineRuntimeGlobals } from "./runtime-globals.ts";
import { registerScript } from "./script-positions.ts";
import { installStackTraces } from "./stack-traces.ts";
import { transpileCell } from "./transpile.ts";
import { tslabModule } from "./tslab.ts";
import { UnhandledErrors } from "./unhandled-errors.ts";

/**
 * The kernel of one notebook: checks and runs cells and tells what they do as messages. It takes over the process (standard streams,
 * stack traces, unhandled errors, globals), so there is one a process. Cells run one at a time; the caller queues them.
 */
export class Kernel {
  readonly #send: (message: KernelMessage) => void;
  readonly #flags: InterruptFlags;
  readonly #types: CellTypes;
  readonly #evaluator = new Evaluator();
  readonly #streams: CapturedStreams;
  readonly #progress: ProgressLines;
  readonly #unhandled: UnhandledErrors;
  #running: Run | undefined;
  /** The running cell, or else the last one: what callbacks print later belongs to it. */
  #outputId = "";

  constructor(folder: string, flags: InterruptFlags, send: (message: KernelMessage) => void) {
    this.#flags = flags;
    this.#send = send;
    this.#types = new CellTypes(folder, () => this.#running !== undefined && flags.isRaised(this.#running.slot));
    this.#streams = new CapturedStreams((name, text) => send({ type: "stream", id: this.#outputId, name, text }));
    this.#progress = new ProgressLines((data, displayId) => this.#show(data, displayId));
    this.#unhandled = new UnhandledErrors(
      (error) => this.#onUnhandled(error),
      () => this.#running === undefined,
    );
    const tslab = tslabModule((data, displayId) => this.#show(data, displayId));
    const imports = new CellImports(folder, { tslab }, () => flags.currentSlot);
    defineRuntimeGlobals({ folder, import: imports.import, flags: flags.words, display: this.#display });
    installStackTraces(folder);
    silenceLoaderWarning();
    setHost(this.#hostForLibrary());
  }

  async execute(id: string, label: string, code: string): Promise<CellOutcome> {
    const run = new Run(id, label, this.#flags.startRun());
    this.#running = run;
    this.#outputId = id;
    try {
      const error = await this.#runCell(run, code);
      return error === undefined ? "ok" : this.#report(run, error);
    } catch (error) {
      return this.#report(run, toCellError(error));
    } finally {
      this.#progress.flush();
      this.#streams.flush();
      this.#running = undefined;
    }
  }

  /** Loads the standard types ahead of the first cell. */
  warmUp(): void {
    this.#flags.protect(() => this.#types.warmUp());
  }

  complete(code: string, offset: number): Completion[] {
    const entries = this.#flags.protect(() => this.#types.completions(code, offset));
    return entries.map(({ name, kind, sortText }) => ({ label: name, kind, sortText }));
  }

  hover(code: string, offset: number): { signature?: string; documentation?: string } {
    const info = this.#flags.protect(() => this.#types.hover(code, offset));
    if (!info) return {};
    const documentation = ts.displayPartsToString(info.documentation);
    // A name of another cell is an import to the checker, but not to the reader.
    const signature = ts
      .displayPartsToString(info.displayParts)
      .replace(/^\(alias\) /, "")
      .replace(/\nimport [^\n]*$/, "");
    return { signature, ...(documentation && { documentation }) };
  }

  /** The main thread is free after an interrupt request that was made while the run with this slot was the current one. */
  interrupt(slot: number): void {
    if (this.#running?.slot === slot) this.#running.interrupt();
    // Between cells the request was meant for a callback, which it has stopped; callbacks that come later shall work again.
    else if (!this.#running) this.#flags.startRun();
  }

  async #runCell(run: Run, code: string): Promise<CellError | undefined> {
    const checked = this.#flags.protect(() => this.#types.check(code, run.label));
    if (this.#flags.isRaised(run.slot)) throw new InterruptedError();
    if (checked.diagnostics.length)
      return { name: "TypeScript error", message: formatDiagnostics(run.label, checked.diagnostics), stack: "" };

    const cell = transpileCell(code, run.slot, checked.typeOnlyImports);
    const url = `medke-cell-${run.id}.js`;
    registerScript("cell", url, run.label, cell.map);
    const evaluation = await Promise.race([this.#evaluator.run(`${cell.js}\n//# sourceURL=${url}`), run.ended]);
    if (evaluation.kind === "lost") throw new InterruptedError();
    if (evaluation.kind === "thrown") throw evaluation.error;

    await Promise.race([Promise.all(run.pending), run.ended]);
    if (cell.hasResult && evaluation.value !== undefined) {
      const data = await Promise.race([resultBundleOf(evaluation.value), run.ended]);
      this.#progress.flush();
      this.#tell({ type: "result", id: run.id, data });
    }
    await new Promise((resolve) => setImmediate(resolve)); // lets unhandled rejections arrive
    const [rejection, ...more] = this.#unhandled.takeRejections();
    for (const reason of more) this.#tell({ type: "error", id: run.id, error: toCellError(reason) });
    return rejection === undefined ? undefined : toCellError(rejection);
  }

  #report(run: Run, error: CellError): CellOutcome {
    this.#progress.flush();
    const interrupted = run.wasInterrupted || error.name === "Interrupted";
    this.#tell({ type: "error", id: run.id, error: interrupted ? toCellError(new InterruptedError()) : error });
    return interrupted ? "interrupted" : "error";
  }

  #onUnhandled(error: unknown): void {
    if (this.#running) this.#running.fail(error);
    else this.#tell({ type: "error", id: this.#outputId, error: toCellError(error) });
  }

  readonly #display = (value: unknown, options: { id?: string } = {}): Promise<void> => {
    const bundle = mimeBundleOf(value);
    if (!(bundle instanceof Promise)) {
      this.#show(bundle, options.id);
      return Promise.resolve();
    }
    const shown = bundle.then((data) => this.#show(data, options.id));
    shown.catch(() => {}); // the end of the cell reports it, awaited or not
    this.#running?.pending.push(shown);
    return shown;
  };

  #show(data: MimeBundle, displayId: string | undefined): void {
    this.#tell({ type: "display", id: this.#outputId, data, ...(displayId !== undefined && { displayId }) });
  }

  #tell(message: KernelMessage): void {
    this.#streams.flush();
    this.#send(message);
  }

  #hostForLibrary(): Parameters<typeof setHost>[0] {
    const signal = () => this.#running?.signal;
    return {
      get signal() {
        return signal();
      },
      progress: (label, done, total, detail) => this.#progress.update(label, done, total, detail),
      device: (report) => this.#send({ type: "device", ...report }),
    };
  }
}
