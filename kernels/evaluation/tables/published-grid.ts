import { figuresOf, type PublishedTable, publishedText } from "../../../datasets/published/index.ts";

export interface PublishedGrid {
  title: string;
  head: string[];
  /** Cells as printed in the source; empty where nothing was published. */
  rows: string[][];
  /** Source, trust and conditions in one line. */
  origin: string;
}

/** A published table as texts for print, rows down and columns across, with their units. */
export function publishedGrid(table: PublishedTable): PublishedGrid {
  const figures = figuresOf(table);
  return {
    title: `Reported, not measured here: ${table.title}`,
    head: [
      "reported",
      ...table.columns.map(({ id, unit, n }) => `${id} (${unit}${n === undefined ? "" : `, n ${n}`})`),
    ],
    rows: table.rows.map(({ label, setting }) => [
      setting === undefined ? label : `${label} (${setting})`,
      ...table.columns.map(({ id }) => {
        const own = figures.find((f) => f.label === label && f.setting === setting && f.column === id);
        return own ? publishedText(own) : "";
      }),
    ]),
    origin: `Source: ${table.source}; ${table.mark}. Conditions: ${table.conditions}.`,
  };
}
