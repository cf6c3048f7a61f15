import { requireKnown } from "../../nearest-name.ts";
import type { Command } from "../command.ts";
import { CommandLineError, helpOf } from "../options.ts";
import { exportCommand } from "./export.ts";
import { sheetCommand } from "./sheet.ts";

const subcommands: Record<string, Command> = { export: exportCommand, sheet: sheetCommand };

/** `medke phantom` with its subcommands, each of which has a help of its own. */
export const phantomCommand: Command = {
  usage: "medke phantom export|sheet [options]",
  summary: Object.entries(subcommands)
    .map(([name, { usage, summary, options }]) => `${name}:\n${helpOf(usage, summary, options)}`)
    .join("\n\n"),
  options: {},
  subcommands,
  async run([name, ...args], context) {
    if (!name || name.startsWith("-"))
      throw new CommandLineError(
        "phantom: say what to do. Write medke phantom export --form medmkeb --out DIR, or medke phantom sheet --out FILE.png.",
      );
    await subcommands[requireKnown("phantom command", name, Object.keys(subcommands))].run(args, context);
  },
};
