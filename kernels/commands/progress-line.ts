import { timeLeft } from "./time-left.ts";

const LOG_EVERY_S = 20;

/** A progress line on a terminal; elsewhere (a log) a line every 20 seconds. */
export interface ProgressLine {
  note(text: string): void;
  /** `alike`: whether what is counted takes about equally long each, so that the time left can be told. Default true. */
  update(label: string, done: number, total: number, alike?: boolean): void;
  /** Clears the line. */
  end(): void;
}

export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const started = Date.now();
  const left = timeLeft();
  let shown = false;
  let logged = 0;
  const clear = () => {
    if (shown) stream.write("\r\x1b[K");
    shown = false;
  };
  return {
    note(text) {
      clear();
      stream.write(`${text}\n`);
    },
    update(label, done, total, alike = true) {
      const seconds = Math.round((Date.now() - started) / 1000);
      const far = `${label}: ${done} of ${total}, ${seconds} s${alike ? left(Date.now(), done, total) : ""}`;
      if (!stream.isTTY) {
        // A log gets a line now and then, so that somebody who looks sees that it goes on.
        if (seconds - logged < LOG_EVERY_S) return;
        logged = seconds;
        stream.write(`${far}\n`);
        return;
      }
      stream.write(`\r\x1b[K${far}`);
      shown = true;
    },
    end: clear,
  };
}
