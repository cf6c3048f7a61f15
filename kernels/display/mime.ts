/** What a cell shows: one value in several forms, keyed by MIME type. Strings are base64 for pictures other than SVG, for sound, film and PDF; text otherwise. */
export type MimeBundle = Record<string, unknown>;

/**
 * Values that know how to show themselves implement this method; `display(value)` and the value of a cell's last expression use it.
 * A registered symbol, so that the kernel and the library need not share a module instance.
 */
export const MIME_BUNDLE: unique symbol = Symbol.for("medke.mimeBundle") as never;

export interface Displayable {
  [MIME_BUNDLE](): MimeBundle | Promise<MimeBundle>;
}
