// As notebook files have it: everything that is no text is base64, and an SVG is text.
const ENCODED = /^(?:image\/(?!svg\+xml)|audio\/|video\/|application\/pdf$)/;
const encoder = new TextEncoder();

/** One form of an output as the bytes that VS Code keeps. */
export interface MimeItem {
  mime: string;
  data: Uint8Array;
}

/**
 * Turns a MIME bundle into items, in the bundle's order.
 *
 * Strings of pictures (except SVG), sound, film and PDF are base64; values of `json` types become JSON; bytes pass; everything else becomes text.
 * Forms without a value are left out.
 */
export function mimeItems(bundle: Record<string, unknown>): MimeItem[] {
  return Object.entries(bundle)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([mime, value]) => ({ mime, data: bytes(mime, value) }));
}

function bytes(mime: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (/[/+]json$/.test(mime)) return encoder.encode(JSON.stringify(value));
  if (typeof value !== "string")
    return encoder.encode(typeof value === "object" ? JSON.stringify(value) : String(value));
  return ENCODED.test(mime) ? Buffer.from(value, "base64") : encoder.encode(value);
}
