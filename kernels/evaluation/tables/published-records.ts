import { figuresOf, type PublishedTable, publishedText } from "../../../datasets/published/index.ts";
import type { FlatRow } from "./flat-table.ts";

/**
 * Published figures as records that can stand below measured ones: origin "reported", never a value in the measured columns' unit by
 * conversion, so `value` is the printed number, with its `unit`; a range or a count has only `printed`.
 */
export const publishedRecords = (tables: readonly PublishedTable[]): FlatRow[] =>
  tables.flatMap((table) =>
    figuresOf(table).map((figure) => ({
      origin: "reported",
      label: figure.setting ? `${figure.label} (${figure.setting})` : figure.label,
      metric: figure.metric ?? figure.column,
      profile: figure.profile,
      comparable_group: figure.comparable_group,
      value: typeof figure.value === "number" ? figure.value : null,
      n: figure.n,
      printed: publishedText(figure),
      unit: figure.unit,
      mark: figure.mark,
      table: figure.table,
      source: figure.source,
      conditions: figure.conditions,
      note: figure.note,
    })),
  );
