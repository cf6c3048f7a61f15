import type { Command } from "../../../kernels/commands/command.ts";

/** Runs a command in this process and returns what it prints to standard output; what goes to standard error is added to `told`. */
export async function runCommand(command: Command, args: string[], told: string[] = []): Promise<string> {
  const lines: string[] = [];
  await command.run(args, {
    signal: new AbortController().signal,
    out: (text) => lines.push(text),
    progress: { isTTY: false, write: (text: string) => told.push(text) > 0 } as unknown as NodeJS.WriteStream,
  });
  return lines.join("\n");
}
