import { sideOf } from "../../../../../datasets/phantom/questions/visual-asks.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import { DEVICES, FINDINGS, ORGANS } from "../../../../../datasets/phantom/world/vocabulary.ts";

const COUNTS = ["one", "two", "three"];

/**
 * What a scene's picture shows, in a fixed order and in the words of the questions. Two scenes with the same caption show the same as far
 * as can be asked, but for what lies next to what.
 *
 * Example: "ct of the corvane on the left and the tessal in the middle. two small marked orvole at the upper left in the corvane. a latrix
 * at the lower right across the tessal."
 */
export function captionOf({ modality, organs, findings, devices }: Scene): string {
  const shown = inOrder(organs, ORGANS).map((organ) => {
    const side = sideOf(organ);
    return `the ${organ.kind} ${side ? `on the ${side}` : "in the middle"}`;
  });
  const found = inOrder(findings, FINDINGS).map(
    ({ kind, lesions, size, severity, level, side, inside }) =>
      `${COUNTS[lesions.length - 1]} ${size} ${severity} ${kind} at the ${level} ${side}${inside ? ` in the ${inside}` : ""}.`,
  );
  const placed = inOrder(devices, DEVICES).map(
    ({ kind, level, side, crosses, covers }) =>
      `a ${kind} at the ${level} ${side}${crosses ? ` across the ${crosses}` : ""}${covers ? ` over the ${covers}` : ""}.`,
  );
  return [`${modality} of ${shown.join(" and ")}.`, ...found, ...placed].join(" ");
}

const inOrder = <T extends { kind: string }>(entities: readonly T[], order: readonly string[]): T[] =>
  [...entities].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
