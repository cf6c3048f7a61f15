import { CancelledError, UserFacingError } from "../errors.ts";
import type { CellMessage } from "../notebook/client.ts";
import { runNotebook } from "../notebook/run-notebook.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";
import { progressLine } from "./progress-line.ts";

/** Cause: a cell of the notebook failed. Handled by: the user, who corrects the cell; the message carries its error. */
export class CellFailedError extends UserFacingError {}

const options = {
  out: { help: "write the executed notebook here" },
  html: { help: "write a self-contained page here" },
  ...COMMON,
} as const;

export const runCommand: Command = {
  usage: "medke run NOTEBOOK [--out executed.ipynb] [--html page.html]",
  summary: "Runs a notebook without an editor, top to bottom, and prints what its cells print.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    if (positionals.length !== 1)
      throw new CommandLineError(
        `run takes one notebook, not ${positionals.length}. Write for example: medke run notebooks/quickstart.ipynb --html page.html.`,
      );
    const line = progressLine(progress);
    const result = await runNotebook({
      path: positionals[0],
      ...(given.out && { out: given.out }),
      ...(given.html && { html: given.html }),
      signal,
      onCell: (event) => {
        if (event.type === "start") line.update(event.label, event.index + 1, event.total, false);
        if (event.type !== "message") return;
        const text = printed(event.message);
        if (text === undefined) return;
        line.end();
        out(text);
      },
    });
    line.end();
    for (const file of [given.out, given.html]) if (file) out(`wrote ${file}`);
    if (result.ok) return;
    const { cell, outcome, error } = result.failure!;
    if (outcome === "interrupted")
      throw new CancelledError(`${positionals[0]}, ${cell}: stopped on request. Run it again to start over.`);
    throw new CellFailedError(`${positionals[0]}, ${cell}: ${error.stack || error.message}`);
  },
};

/** What a terminal shows of a cell's output: its text form. Progress has its own line. */
function printed(message: CellMessage): string | undefined {
  if (message.type === "stream") return message.text.replace(/\n$/, "");
  if (message.type === "error" || (message.type === "display" && message.displayId)) return undefined;
  const text = message.data["text/plain"];
  return text === undefined ? undefined : String(text);
}
