import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import { type SecondMoment, secondMoment } from "../closed-forms/second-moment.ts";
import type { Corpus } from "./corpus.ts";

export interface GatherOptions {
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Second moments of the keys of all tokens of a corpus, image tokens included, at several sites in one pass.
 *
 * Texts come one after another; memory is in^2 doubles a site, however long the corpus. Throws: CancelledError.
 */
export async function gatherMoments(
  model: EditableModel,
  sites: readonly SiteId[],
  corpus: Corpus,
  { signal, onProgress }: GatherOptions = {},
): Promise<SecondMoment[]> {
  const taps = sites.map((site) => ({ site, of: "input" as const }));
  const moments = sites.map((id) => secondMoment(model.sites.find((site) => site.id === id)!.in));
  let done = 0;
  for await (const { image, question, answer } of corpus.texts()) {
    throwIfCancelled(signal, `statistics: text ${done + 1} of ${corpus.size}`);
    const { values } = await model.states({ image, question }, taps, { answer, signal });
    values.forEach((keys, i) => moments[i].add(keys));
    onProgress?.(++done, corpus.size);
  }
  return moments;
}
