#!/usr/bin/env node
import { CancelledError, isUserFacing, StepCancelledError } from "./errors.ts";
import type { Command } from "./commands/command.ts";
import { helpOf } from "./commands/options.ts";
import { medkeVersion } from "./evaluation/medke-version.ts";
import { requireKnown } from "./nearest-name.ts";

// Loaded when it is called: the runtime and the tokenizers take a second, and a typo in a name shall not wait for them.
// `stopped` is what a user who pressed Ctrl-C is told where the command itself has nothing more to say.
const commands: Record<string, { about: string; stopped?: string; load: () => Promise<Command> }> = {
  run: { about: "run a notebook without an editor", load: async () => (await import("./commands/run.ts")).runCommand },
  evaluate: {
    about: "edit a model once per case and measure",
    stopped: "before a case was finished",
    load: async () => (await import("./commands/evaluate.ts")).evaluateCommand,
  },
  edit: {
    about: "edit a model and save the edit as a .medke file",
    stopped: "before the edit was finished; no file was written",
    load: async () => (await import("./commands/edit.ts")).editCommand,
  },
  apply: {
    about: "ask a question before and after the edits of a .medke file",
    load: async () => (await import("./commands/apply.ts")).applyCommand,
  },
  pack: {
    about: "check a .medke file and say what it holds",
    load: async () => (await import("./commands/pack.ts")).packCommand,
  },
  table: {
    about: "make a table of results: csv, parquet, json, md or latex",
    load: async () => (await import("./commands/table.ts")).tableCommand,
  },
  plot: {
    about: "draw results: editors side by side, or curves over the number of edits",
    load: async () => (await import("./commands/plot.ts")).plotCommand,
  },
  compare: {
    about: "test whether editors differ on the same cases",
    load: async () => (await import("./commands/compare.ts")).compareCommand,
  },
  confuse: {
    about: "measure how often a model tells look-alike images apart",
    load: async () => (await import("./commands/confuse.ts")).confuseCommand,
  },
  vqa: {
    about: "measure a model's answers on a question-answer benchmark",
    load: async () => (await import("./commands/vqa.ts")).vqaCommand,
  },
  sites: {
    about: "list the places of a model where edits may act",
    load: async () => (await import("./commands/sites.ts")).sitesCommand,
  },
  stats: {
    about: "gather second moments of keys for editors that need them",
    stopped: "before all texts were read; what was read this time is not kept",
    load: async () => (await import("./commands/stats.ts")).statsCommand,
  },
  "grad-check": {
    about: "compare a model's gradients with differences",
    load: async () => (await import("./commands/grad-check.ts")).gradCheckCommand,
  },
  phantom: {
    about: "write the invented world as a benchmark, or a sheet of its images",
    load: async () => (await import("./commands/phantom/phantom.ts")).phantomCommand,
  },
  fetch: {
    about: "download a benchmark, after showing its licence",
    load: async () => (await import("./commands/fetch.ts")).fetchCommand,
  },
  validate: {
    about: "check a copy of a benchmark against what was published",
    load: async () => (await import("./commands/validate.ts")).validateCommand,
  },
  image: {
    about: "say how an image file is stored and decoded",
    load: async () => (await import("./commands/image.ts")).imageCommand,
  },
  models: {
    about: "list the models that come with medke and those in the data folder",
    load: async () => (await import("./commands/list.ts")).modelsCommand,
  },
  editors: {
    about: "list the knowledge editors, or the options of one",
    load: async () => (await import("./commands/editors/editors.ts")).editorsCommand,
  },
  benchmarks: {
    about: "list the benchmarks",
    load: async () => (await import("./commands/list.ts")).benchmarksCommand,
  },
};

const overview = [
  "medke: edit what medical vision-language models know, and measure it.",
  "",
  ...Object.entries(commands).map(([name, { about }]) => `  medke ${name.padEnd(12)}${about}`),
  "",
  "medke COMMAND --help says more about one of them.",
].join("\n");

/** Runs one command line; resolves to the exit code. Results go to standard output, everything else to standard error. */
async function main([name, ...args]: string[]): Promise<number> {
  const out = (text: string) => void process.stdout.write(`${text}\n`);
  // A reader that has seen enough (`medke ... | head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const controller = new AbortController();
  // The first interrupt asks the running step to end cleanly, the second ends the process.
  process.once("SIGINT", () => {
    controller.abort();
    process.once("SIGINT", () => process.exit(130));
  });
  try {
    if (name === "help" && args.length) return main([...args, "--help"]);
    if (!name || name === "--help" || name === "-h" || name === "help") return (out(overview), 0);
    if (name === "--version") return (out(medkeVersion), 0);
    const command = await commands[requireKnown("command", name, Object.keys(commands))].load();
    if (args.includes("--help") || args.includes("-h")) {
      const { usage, summary, options } = command.subcommands?.[args[0]] ?? command;
      return (out(helpOf(usage, summary, options)), 0);
    }
    await command.run(args, { signal: controller.signal, out, progress: process.stderr });
    return 0;
  } catch (error) {
    const told = controller.signal.aborted ? stopped(name, error) : error;
    process.stderr.write(`${failure(args.includes("--verbose") ? error : told, args.includes("--verbose"))}\n`);
    return told instanceof CancelledError ? 130 : 1;
  }
}

/** What Ctrl-C means to whoever pressed it: the command, not the step that it met. */
function stopped(name: string, error: unknown): unknown {
  if (isUserFacing(error) && !(error instanceof StepCancelledError)) return error;
  const where = commands[name]?.stopped;
  return new CancelledError(
    where
      ? `${name}: stopped ${where}. Run the same command again to start over.`
      : `${name}: stopped before it was finished. Run the same command again.`,
  );
}

/** A user's mistake in one paragraph; our own mistakes say so. The stack comes with --verbose. */
function failure(error: unknown, verbose: boolean): string {
  if (verbose) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (isUserFacing(error)) return `medke: ${error.message}`;
  return `medke: internal: ${(error as Error)?.message ?? error}. This is a fault in medke; run again with --verbose and report what it prints.`;
}

process.exitCode = await main(process.argv.slice(2));
