// To add a published table: put it into the JSON file of its source, with the conditions and the mark of every figure, never a figure that
// is not printed there; then correct the counts and the checksum in test/datasets/published/index.test.ts.
import { requireKnown } from "../../kernels/nearest-name.ts";
import easyedit from "./easyedit.json" with { type: "json" };
import fgvedit from "./fgvedit.json" with { type: "json" };
import fragments from "./fragments.json" with { type: "json" };
import mediconfusion from "./mediconfusion.json" with { type: "json" };
import medlasa from "./medlasa.json" with { type: "json" };
import medmkeb from "./medmkeb.json" with { type: "json" };
import missing from "./not-found.json" with { type: "json" };
import type { PublishedTable } from "./published-table.ts";

export {
  figuresOf,
  type Mark,
  type PublishedColumn,
  type PublishedFigure,
  type PublishedRow,
  type PublishedTable,
  type PublishedValue,
} from "./published-table.ts";
export { publishedText } from "./published-text.ts";

/** Every published table that medke knows, by source. */
export const publishedTables: readonly PublishedTable[] = [
  medmkeb,
  medlasa,
  fgvedit,
  mediconfusion,
  fragments,
  easyedit,
].flat() as PublishedTable[];

/** What was looked for and not found, so that an empty place is known to be one. */
export const notFound: readonly { source: string; missing: string }[] = missing;

/** Throws: UnknownNameError with the nearest known table. */
export function publishedTable(id: string): PublishedTable {
  const known = requireKnown(
    "published table",
    id,
    publishedTables.map((table) => table.id),
  );
  return publishedTables.find((table) => table.id === known)!;
}
