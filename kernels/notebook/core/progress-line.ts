import type { MimeBundle } from "../../display/mime.ts";

const INTERVAL_MS = 250;
const WIDTH = 20;

/** Progress lines of the running cell, one a label, drawn at most four times a second; the latest state always gets drawn. */
export class ProgressLines {
  readonly #show: (data: MimeBundle, displayId: string) => void;
  readonly #waiting = new Map<string, string>();
  readonly #drawn = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(show: (data: MimeBundle, displayId: string) => void) {
    this.#show = show;
  }

  update(label: string, done: number, total: number, detail = ""): void {
    this.#waiting.set(label, progressText(label, done, total, detail));
    const since = performance.now() - (this.#drawn.get(label) ?? -Infinity);
    if (done >= total || since >= INTERVAL_MS) this.#draw(label);
    else this.#timer ??= setTimeout(() => this.flush(), INTERVAL_MS - since);
  }

  /** Draws what waits; called at the end of the cell. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const label of [...this.#waiting.keys()]) this.#draw(label);
  }

  #draw(label: string): void {
    const text = this.#waiting.get(label)!;
    this.#waiting.delete(label);
    this.#drawn.set(label, performance.now());
    this.#show({ "text/plain": text }, `progress ${label}`);
  }
}

/** Example: progressText("Editing", 5, 10, "ft-llm") === "Editing [##########..........] 5/10 ft-llm" */
export function progressText(label: string, done: number, total: number, detail: string): string {
  const filled = total > 0 ? Math.max(0, Math.min(WIDTH, Math.floor((done / total) * WIDTH))) : 0;
  return `${label} [${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${done}/${total}${detail && ` ${detail}`}`;
}
