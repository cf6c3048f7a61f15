const SIGNATURES: [mime: string, offset: number, bytes: string][] = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
];

/** The MIME type of encoded image bytes, by their first bytes. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const at = (offset: number, length: number) => String.fromCharCode(...bytes.subarray(offset, offset + length));
  return SIGNATURES.find(([, offset, signature]) => at(offset, signature.length) === signature)?.[0];
}
