import { closeSync, openSync, writeSync } from "node:fs";
import { shownPath } from "../../../datasets/shown-path.ts";
import type { CaseResult } from "../../evaluation/result.ts";
import { CommandLineError } from "../options.ts";

/** A file that takes every finished case as one line of JSON, as it comes. */
export interface CaseLines {
  add(result: CaseResult): void;
  close(): void;
}

/** Makes the file, or empties it. Throws: CommandLineError where it cannot be written. */
export function openCaseLines(path: string): CaseLines {
  try {
    const file = openSync(path, "w");
    return {
      add: (result) => void writeSync(file, `${JSON.stringify(result)}\n`),
      close: () => closeSync(file),
    };
  } catch (cause) {
    throw new CommandLineError(
      `--lines: ${shownPath(path)} cannot be written (${(cause as Error).message}). Name a file in a folder that exists.`,
    );
  }
}
