const ENCODED_IMAGES = new Set(["image/png", "image/jpeg"]);
const encoder = new TextEncoder();

/** One form of an output as the bytes that VS Code keeps. */
export interface MimeItem {
  mime: string;
  data: Uint8Array;
}

/**
 * Turns a MIME bundle into items, in the bundle's order.
 *
 * PNG and JPEG strings are base64; values of `json` types become JSON; bytes pass; everything else becomes text.
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
  return ENCODED_IMAGES.has(mime) ? Buffer.from(value, "base64") : encoder.encode(value);
}
