import type { ConfusionChange } from "../../evaluation/confusion/confuse-edited.ts";
import { confusionTable } from "../../evaluation/confusion/confusion-table.ts";
import { textTable } from "../text-table.ts";

/** What confusion pairs got before and after the edits, one table under the other. */
export function confusionReport({ edits, before, after }: ConfusionChange): string {
  const part = (title: string, { head, rows }: ReturnType<typeof confusionTable>) =>
    `${title}\n${textTable(head, rows)}`;
  return [
    `${before.benchmark}, ${before.pairs.length} pairs, mode ${before.mode}, ${before.variant}: percent [95% interval over image clusters] of how many`,
    part("before the edits", confusionTable(before)),
    part(`with ${edits} cases edited`, confusionTable(after)),
  ].join("\n\n");
}
