import { writeFile } from "node:fs/promises";
import { shownPath } from "../../datasets/shown-path.ts";
import type { CommandContext } from "./command.ts";
import { CommandLineError } from "./options.ts";

/**
 * Writes a result to `file`, which `option` named, or prints it where none is named.
 *
 * Throws: CommandLineError for bytes without a file, and for a file that cannot be written.
 */
export async function writeResult(
  result: string | Uint8Array,
  file: string | undefined,
  { out, progress }: Pick<CommandContext, "out" | "progress">,
  option = "out",
): Promise<void> {
  if (file === undefined) {
    if (typeof result !== "string")
      throw new CommandLineError("--out is missing: this format is binary. Add for example --out results.parquet.");
    return out(result.trimEnd());
  }
  try {
    await writeFile(file, result);
  } catch (cause) {
    throw new CommandLineError(
      `--${option} ${shownPath(file)}: cannot be written (${(cause as Error).message.split(",")[0]}). Name a file in a folder that exists.`,
      { cause },
    );
  }
  progress.write(`wrote ${shownPath(file)}\n`);
}
