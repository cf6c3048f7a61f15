import type { OptionSpecs } from "./options.ts";

/** What a command may touch: results go to `out`, everything else to `progress`, so that `--json` output stays one document. */
export interface CommandContext {
  signal: AbortSignal;
  out(text: string): void;
  progress: NodeJS.WriteStream;
}

/** One subcommand of `medke`. Failures are thrown; the entry point prints them. */
export interface Command {
  usage: string;
  summary: string;
  options: OptionSpecs;
  /** Commands of its own, by the word that follows; each has its own help. */
  subcommands?: Readonly<Record<string, Command>>;
  run(args: string[], context: CommandContext): Promise<void>;
}
