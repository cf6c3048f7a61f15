import { appendFileSync } from "node:fs";
import type { StepProgress } from "../../models/phantom/training/train-phantom.ts";

/** A step of any stage. */
export type LoggedStep = Omit<StepProgress, "stage"> & { stage: string };

const EVERY = 50;

/** A live line on a terminal, and a line in the log every 50 steps: the mean loss since the last one. */
export class TrainingLog {
  readonly #file: string;
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #sum = 0;
  #count = 0;
  #stage: string | undefined;

  constructor(file: string, stream: NodeJS.WriteStream) {
    this.#file = file;
    this.#stream = stream;
  }

  get minutes(): string {
    return ((performance.now() - this.#started) / 60_000).toFixed(1);
  }

  line(text: string): void {
    this.live("");
    this.#stream.write(`${text}\n`);
    appendFileSync(this.#file, `${text}\n`);
  }

  /** Replaces the live line; nothing where there is no terminal. */
  live(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[K${text}`);
  }

  step({ stage, step, steps, loss, lr, gradNorm }: LoggedStep): void {
    // A new stage has another loss, with which a mean over both would say nothing.
    if (stage !== this.#stage) [this.#sum, this.#count, this.#stage] = [0, 0, stage];
    this.#sum += loss;
    this.#count++;
    this.live(`${stage} ${step}/${steps}  loss ${loss.toFixed(4)}  ${this.minutes} min`);
    if (step % EVERY !== 0 && step !== steps) return;
    const mean = (this.#sum / this.#count).toFixed(4);
    [this.#sum, this.#count] = [0, 0];
    this.line(
      `${stage.padEnd(9)} ${String(step).padStart(5)}/${steps}  loss ${mean}  lr ${lr.toExponential(2)}  gradient ${gradNorm.toFixed(2)}  ${this.minutes} min`,
    );
  }
}
