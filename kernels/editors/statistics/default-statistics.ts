import type { EditCase } from "../../../datasets/case.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { Editor } from "../editor.ts";
import type { StatisticsSource } from "../statistics-source.ts";
import { defaultCorpus } from "./default-corpus.ts";
import { gatheredStatistics } from "./gathered-statistics.ts";

/**
 * Statistics of the default corpus, for an editor that takes any: nothing is gathered before it asks. `report` gets a line a text.
 *
 * Undefined for other editors, and where there is no corpus.
 */
export function defaultStatistics(
  { needs }: Pick<Editor, "needs">,
  model: EditableModel,
  cases: readonly EditCase[],
  report: (line: string) => void,
): StatisticsSource | undefined {
  const corpus = needs.includes("statistics") ? defaultCorpus(model, cases) : undefined;
  const onProgress = (done: number, total: number) => report(`statistics of keys: text ${done} of ${total}`);
  return corpus && gatheredStatistics(model, { corpus, onProgress });
}
