import type { Variant } from "./variant.ts";

/** Which positions of the layer's output a fired value replaces. */
export type GraceReplacement = "replace-last" | "replace-all" | "replace-prompt";

/**
 * Positions [from, to) that a fired value replaces, for a key token at `keyPosition` of `length` positions.
 *
 * `replace-last` is the key token alone, `replace-all` every position. `replace-prompt` is the prompt up to and with the key token; the
 * `official` slice ends before it, so that the position whose logits give the first answer token keeps the old output (read from the code:
 * the paper has no such mode).
 * Source: replacement modes of EasyEdit's GRACE adapter.
 */
export function replacedPositions(
  mode: GraceReplacement,
  keyPosition: number,
  length: number,
  variant: Variant = "corrected",
): [from: number, to: number] {
  switch (mode) {
    case "replace-last":
      return [keyPosition, keyPosition + 1];
    case "replace-all":
      return [0, length];
    case "replace-prompt":
      return [0, variant === "official" ? keyPosition : keyPosition + 1];
    default:
      mode satisfies never;
      throw new Error(`internal: unhandled replacement ${String(mode)}`);
  }
}
