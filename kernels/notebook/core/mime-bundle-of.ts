import { inspect } from "node:util";
import { UserFacingError } from "../../errors.ts";
import { MIME_BUNDLE, type Displayable, type MimeBundle } from "../../display/mime.ts";
import { imageTypeOf } from "./image-type.ts";

/** Cause: a value whose forms are no text, bytes or JSON. Handled by: the user, whose cell shows it. */
export class DisplayError extends UserFacingError {}

/** What `display(value)` shows: a string as it is, other values by their own bundle, as an image, or as text. */
export function mimeBundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (typeof value === "string") return { "text/plain": value };
  if (isDisplayable(value)) {
    const bundle = value[MIME_BUNDLE]();
    return bundle instanceof Promise ? bundle.then(toData) : toData(bundle);
  }
  if (isMimeBundle(value)) return toData(value);
  if (isTable(value)) return tableBundle(value);
  const image = value instanceof Uint8Array ? imageTypeOf(value) : undefined;
  if (image) {
    const bytes = value as Uint8Array;
    return { [image]: base64(bytes), "text/plain": `[${image}, ${bytes.length} bytes]` };
  }
  return { "text/plain": inspect(value) };
}

/** What the value of a cell's last expression shows: as `display`, but a string in quotes, as in every console. */
export function resultBundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  return typeof value === "string" ? { "text/plain": inspect(value) } : mimeBundleOf(value);
}

/** What an arquero table offers; known by its methods, because a notebook may bring a copy of arquero of its own. */
interface TableLike {
  numRows(): number;
  numCols(): number;
  toHTML(options: { limit: number }): string;
  toMarkdown(options: { limit: number }): string;
}

const isTable = (value: unknown): value is TableLike =>
  typeof value === "object" &&
  value !== null &&
  ["numRows", "numCols", "toHTML", "toMarkdown"].every((name) => typeof (value as never)[name] === "function");

/** Rows of a table that are shown; the total is always said. */
const TABLE_ROWS = 50;

function tableBundle(table: TableLike): MimeBundle {
  const rows = table.numRows();
  const size = `${rows} rows, ${table.numCols()} columns${rows > TABLE_ROWS ? `; the first ${TABLE_ROWS} are shown` : ""}`;
  return {
    "text/html": `${table.toHTML({ limit: TABLE_ROWS })}<p>${size}</p>`,
    "text/plain": `${table.toMarkdown({ limit: TABLE_ROWS })}${size}`,
  };
}

const isDisplayable = (value: unknown): value is Displayable =>
  typeof value === "object" && value !== null && typeof (value as Partial<Displayable>)[MIME_BUNDLE] === "function";

function isMimeBundle(value: unknown): value is MimeBundle {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^[a-z]+\/[\w.+-]+$/.test(key));
}

/** Plain data that survives the way to the host and the notebook file: bytes as base64, objects as their JSON. */
function toData(bundle: MimeBundle): MimeBundle {
  if (typeof bundle !== "object" || bundle === null)
    throw new DisplayError(
      `The value cannot be shown: its bundle is ${typeof bundle}. Return an object from MIME types to text, bytes or JSON.`,
    );
  const entries = Object.entries(bundle).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([mime, value]) => {
      if (typeof value === "string") return [mime, value];
      if (value instanceof Uint8Array) return [mime, base64(value)];
      return [mime, asJson(mime, value)];
    }),
  );
}

function asJson(mime: string, value: unknown): unknown {
  let text: string | undefined;
  let why = `it is a ${typeof value}`;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    why = String((error as Error).message).split("\n")[0]!;
  }
  if (text !== undefined) return JSON.parse(text);
  throw new DisplayError(`The form "${mime}" cannot be shown (${why}). Return text, bytes or JSON for it.`);
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
