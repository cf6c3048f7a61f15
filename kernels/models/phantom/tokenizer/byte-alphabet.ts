/**
 * One printable character for each byte, as byte-level BPE writes its vocabulary (Radford et al. 2019): printable bytes stand for
 * themselves, the others for U+0100 and up. [256]
 */
export const BYTE_ALPHABET: readonly string[] = alphabet();

function alphabet(): string[] {
  const isPrintable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

export const toByteAlphabet = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => BYTE_ALPHABET[byte]).join("");
