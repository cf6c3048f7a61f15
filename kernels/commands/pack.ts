import { loadPack } from "../editors/pack/index.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";
import { describePack, packSummary } from "./pack-summary.ts";

const options = { json: { help: "print one JSON document", flag: true }, ...COMMON } as const;

/** `medke pack FILE.medke`: what a pack holds, after all of it was checked. No model is loaded. */
export const packCommand: Command = {
  usage: "medke pack FILE.medke [--json]",
  summary: "Checks a .medke file and says what it holds: base model, editor, cases, sites, sizes.",
  options,
  async run(args, { out }) {
    const { options: given, positionals } = readCommandLine(args, options);
    const [file, ...more] = positionals;
    if (!file || more.length)
      throw new CommandLineError(
        `pack takes one .medke file, not ${positionals.length}. Write for example: medke pack edit.medke.`,
      );
    const pack = await loadPack(file);
    out(given.json ? JSON.stringify(packSummary(file, pack), null, 2) : describePack(file, pack));
  },
};
