const LOG_EVERY_S = 20;

/** A progress line on a terminal; elsewhere (a log) a line every 20 seconds. */
export interface ProgressLine {
  note(text: string): void;
  update(label: string, done: number, total: number): void;
  /** Clears the line. */
  end(): void;
}

export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const started = Date.now();
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
    update(label, done, total) {
      const seconds = Math.round((Date.now() - started) / 1000);
      if (!stream.isTTY) {
        // A log gets a line now and then, so that somebody who looks sees that it goes on.
        if (seconds - logged < LOG_EVERY_S) return;
        logged = seconds;
        stream.write(`${label}: ${done} of ${total}, ${seconds} s\n`);
        return;
      }
      stream.write(`\r\x1b[K${label}: ${done} of ${total}, ${seconds} s`);
      shown = true;
    },
    end: clear,
  };
}
