import { benchmarks } from "../../../datasets/index.ts";
import type { Editor } from "../../editors/editor.ts";
import { EDITOR_IDS, editors } from "../../editors/index.ts";
import type { Corpus } from "../../editors/statistics/corpus.ts";
import { gatheredStatistics } from "../../editors/statistics/gathered-statistics.ts";
import type { StatisticsSource } from "../../editors/statistics-source.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { requireKnown } from "../../nearest-name.ts";
import { CommandLineError, wholeNumber } from "../options.ts";
import { editorWith } from "./editor-settings.ts";
import { corpusFor } from "./statistics-corpus.ts";

export const STATISTICS_OPTIONS = {
  statistics: {
    help: "BENCHMARK[:SPLIT] over which second moments of keys are gathered, for an editor that takes them (default: phantom's training questions, for other models the cases before the edits); identity for none",
  },
  "statistics-data": { help: "folder of that benchmark's files (default as for --data)" },
  "statistics-limit": { help: "most texts of it (default 300)" },
} as const;

type Given = { [K in keyof typeof STATISTICS_OPTIONS]?: string };

const IDENTITY = "identity";
const DEPENDENT = ["statistics-data", "statistics-limit"] as const;

/**
 * The editor that the options name, with what `--set` and `--statistics identity` say.
 *
 * Throws: CommandLineError for statistics of an editor that takes none, and for options that stand alone; as `editorWith`.
 */
export function chosenEditor(name: string, given: Given & { set?: string }): Editor {
  const editor = editorWith(name, given.set);
  const { statistics } = given;
  const alone = DEPENDENT.find((option) => given[option] !== undefined);
  if (alone && (statistics === undefined || statistics === IDENTITY))
    throw new CommandLineError(`--${alone} belongs to a benchmark. Add --statistics BENCHMARK, or leave it out.`);
  if (statistics === undefined) return editor;
  requireTaken(editor);
  if (statistics !== IDENTITY) return editor;
  const option = "covariance" in editor.options ? "covariance" : "innerOptions.covariance";
  return editorWith(name, [given.set, `${option}=${IDENTITY}`].filter(Boolean).join(","));
}

/**
 * The corpus of `--statistics`; undefined where it is left out, or asks for none. No model is needed.
 *
 * Throws: UnknownNameError for the name; CommandLineError for a limit that is no number; as `corpusFor`.
 */
export async function chosenCorpus(given: Given, signal: AbortSignal): Promise<Corpus | undefined> {
  if (given.statistics === undefined || given.statistics === IDENTITY) return undefined;
  const [benchmark, ...split] = given.statistics.split(":");
  requireKnown("--statistics", benchmark, [IDENTITY, ...Object.keys(benchmarks)]);
  const limit = given["statistics-limit"];
  return corpusFor({
    benchmark,
    ...(split.length && { split: split.join(":") }),
    folder: given["statistics-data"],
    limit: limit === undefined ? undefined : wholeNumber("statistics-limit", limit, 1),
    signal,
    names: { benchmark: "statistics", folder: "statistics-data" },
  });
}

/** Statistics of a model over a corpus, gathered when the editor asks for them. Undefined without one. */
export function statisticsOver(
  corpus: Corpus | undefined,
  model: EditableModel,
  update: (label: string, done: number, total: number) => void,
): StatisticsSource | undefined {
  const onProgress = (done: number, total: number) => update("statistics of keys: texts", done, total);
  return corpus && gatheredStatistics(model, { corpus, onProgress });
}

function requireTaken({ id, needs, options }: Editor): void {
  if (needs.includes("statistics")) return;
  const off = options.covariance === IDENTITY ? ` with covariance=${IDENTITY}` : "";
  const takers = EDITOR_IDS.filter((each) => (editors[each]() as Editor).needs.includes("statistics"));
  throw new CommandLineError(
    `--statistics: ${id}${off} takes no statistics of keys. Leave --statistics out${off && " or covariance unset"}, or take one of ${takers.join(", ")}.`,
  );
}
