import { join } from "node:path";
import { dataFolder, DataFolderMissingError } from "../../datasets/data-folder.ts";
import type { Benchmark } from "../../datasets/benchmark.ts";
import { benchmarks } from "../../datasets/index.ts";
import { embeddedModels, listModels } from "../models/list-models.ts";
import type { Command } from "./command.ts";
import { COMMON, readCommandLine, refusePositionals } from "./options.ts";

interface Listing {
  id: string;
  /** One line. */
  needs: string;
  /** Further lines below it. */
  more?: string[];
  [key: string]: unknown;
}

const options = { json: { help: "print JSON", flag: true }, ...COMMON } as const;

function listCommand(what: string, summary: string, list: () => Listing[], empty: string): Command {
  return {
    usage: `medke ${what} [--json]`,
    summary,
    options,
    async run(args, { out }) {
      const { options: given, positionals } = readCommandLine(args, options);
      refusePositionals(what, positionals);
      const rows = list();
      // What stands below a line is in fields of its own.
      if (given.json)
        return out(
          JSON.stringify(
            rows.map(({ more: _, ...row }) => row),
            null,
            2,
          ),
        );
      const width = Math.max(0, ...rows.map((row) => row.id.length)) + 2;
      const lines = rows.flatMap(({ id, needs, more = [] }) => [
        id.padEnd(width) + needs,
        ...more.map((line) => " ".repeat(width) + line),
      ]);
      out(rows.length ? lines.join("\n") : empty);
    },
  };
}

export const benchmarksCommand = listCommand(
  "benchmarks",
  "Lists the benchmarks, each with the files it needs, its licence, and where it comes from.",
  () =>
    Object.entries<Benchmark>(benchmarks).map(
      ([id, { summary, needs, task, splits, questionSplits, licence, source }]) => ({
        ...{ id, task, summary, needs, splits, ...(questionSplits && { questionSplits }), licence, source },
        more: [
          `${task}: ${summary}`,
          `splits: ${splits.join(", ")}${questionSplits ? `; of questions: ${questionSplits.join(", ")}` : ""}`,
          `licence: ${licence}`,
          `source: ${source}`,
        ],
      }),
    ),
  "No benchmarks.",
);

export const modelsCommand = listCommand(
  "models",
  "Lists the models that come with medke and those in the data folder (MEDKE_DATA, or a `shared` folder beside the current one), each with what it needs.",
  () => [...embeddedModels(), ...foundModels()].map(({ id, path, needs }) => ({ id, path, needs })),
  "No models.",
);

/** Listing is no failure where there is no data folder; a MEDKE_DATA that leads nowhere is one. */
function foundModels() {
  try {
    return listModels(join(dataFolder(), "models"));
  } catch (error) {
    if (error instanceof DataFolderMissingError && !process.env.MEDKE_DATA) return [];
    throw error;
  }
}
