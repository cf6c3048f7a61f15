/**
 * How far a published figure can be trusted. "reported": stands in the named source. "derived": computed from figures that do.
 * "unconfirmed": quoted by somebody else, not seen in the original publication.
 */
export type Mark = "reported" | "derived" | "unconfirmed";

/** A figure as printed: a number, a range, or a count out of so many. Nothing is rounded, interpolated or filled in. */
export type PublishedValue = number | { low: number; high: number } | { count: number; of: number };

export interface PublishedColumn {
  id: string;
  /** "%", "fraction", "pairs", "s" and so on. */
  unit: string;
  /** Where it differs from the table's. */
  mark?: Mark;
  /** Probes behind the figures, where it is stated. */
  n?: number;
  approximate?: true;
  /** Only where the source states how it scored: then such figures may share an axis with rows of the same group. */
  metric?: string;
  profile?: string;
  comparable_group?: string;
}

export interface PublishedRow {
  label: string;
  /** What sets the row apart from others of the same label: model, router, configuration. */
  setting?: string;
  mark?: Mark;
  note?: string;
  /** false: scored otherwise than the rest of its table. */
  comparable?: false;
  /** Columns whose figure rests on an assumption that the table's conditions name. */
  assumed?: string[];
  /** By column id; a figure that was not published has no entry. */
  cells: Record<string, PublishedValue>;
}

/** One published table. Rows of different tables never share a plot: their conditions differ. */
export interface PublishedTable {
  id: string;
  title: string;
  source: string;
  /** Section of the project's reference page "Published results". */
  section: string;
  mark: Mark;
  conditions: string;
  columns: PublishedColumn[];
  rows: PublishedRow[];
}

/** One figure with everything that belongs to it. */
export interface PublishedFigure {
  table: string;
  source: string;
  conditions: string;
  label: string;
  setting?: string;
  column: string;
  unit: string;
  value: PublishedValue;
  mark: Mark;
  assumed?: true;
  n?: number;
  approximate?: true;
  note?: string;
  metric?: string;
  profile?: string;
  comparable_group?: string;
}

/** The figures of a table, row by row, columns in order. The weakest mark of table, column and row holds. */
export function figuresOf(table: PublishedTable): PublishedFigure[] {
  return table.rows.flatMap((row) =>
    table.columns
      .filter(({ id }) => id in row.cells)
      .map((column): PublishedFigure => {
        const { id, unit, mark, n, approximate, metric, profile, comparable_group } = column;
        return {
          table: table.id,
          source: table.source,
          conditions: table.conditions,
          label: row.label,
          ...(row.setting === undefined ? {} : { setting: row.setting }),
          column: id,
          unit,
          value: row.cells[id],
          mark: weakest(table.mark, mark, row.mark),
          ...(row.assumed?.includes(id) ? { assumed: true as const } : {}),
          ...(n === undefined ? {} : { n }),
          ...(approximate ? { approximate } : {}),
          ...(row.note === undefined ? {} : { note: row.note }),
          ...(metric === undefined ? {} : { metric }),
          ...(row.comparable === false || comparable_group === undefined ? {} : { profile, comparable_group }),
        };
      }),
  );
}

const ORDER: Mark[] = ["reported", "derived", "unconfirmed"];

const weakest = (...marks: (Mark | undefined)[]): Mark =>
  ORDER[Math.max(...marks.map((mark) => (mark === undefined ? 0 : ORDER.indexOf(mark))))];
