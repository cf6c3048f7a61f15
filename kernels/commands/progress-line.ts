/** A progress line on a terminal; elsewhere (a log) only notes are written. */
export interface ProgressLine {
  note(text: string): void;
  update(label: string, done: number, total: number): void;
  /** Clears the line. */
  end(): void;
}

export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const started = Date.now();
  let shown = false;
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
      if (!stream.isTTY) return;
      const seconds = Math.round((Date.now() - started) / 1000);
      stream.write(`\r\x1b[K${label}: ${done} of ${total}, ${seconds} s`);
      shown = true;
    },
    end: clear,
  };
}
