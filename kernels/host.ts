/**
 * What a notebook host offers to the library that runs inside it: the running cell's cancellation signal, a progress line and the
 * status bar. A registered symbol on `globalThis`, so that library code needs no import of the notebook and runs without one.
 */
export interface Host {
  /** Raised when the running cell is interrupted; long operations use it when the caller passed no signal of their own. */
  readonly signal: AbortSignal | undefined;
  /** Shows or updates one progress line of the running cell. `done` counts finished steps of `total`. */
  progress(label: string, done: number, total: number, detail?: string): void;
  /** Tells the status bar which device runs the model, and why. */
  device(report: { device: string; reason: string }): void;
}

const KEY = Symbol.for("medke.host");

export function setHost(host: Host): void {
  (globalThis as Record<symbol, unknown>)[KEY] = host;
}

/** The surrounding notebook host, or undefined in a plain program. */
export function currentHost(): Host | undefined {
  return (globalThis as Record<symbol, unknown>)[KEY] as Host | undefined;
}
