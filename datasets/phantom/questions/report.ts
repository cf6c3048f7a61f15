import type { Random } from "../../../kernels/random.ts";
import type { Scene } from "../world/scene.ts";
import { COUNTS, sideOf } from "./visual-asks.ts";

/** What is asked for a report. */
export const REPORT_QUESTIONS = [
  "what does this image show?",
  "what is seen in this image?",
  "what is shown here?",
] as const;

/**
 * All that a scene shows in a few words, such as "findings glimmar two small mild upper left in corvane device filome lower right across
 * none organs corvane left tessal right". Entities of a type come in random order: none of them is the expected first.
 *
 * A report answers many questions at once and names each entity before what holds of it, so it teaches to look at what was named.
 */
export function sceneReport({ findings, devices, organs }: Scene, random: Random): string {
  const list = (what: string, parts: readonly string[]) => [what, ...(parts.length ? random.shuffle(parts) : ["none"])];
  return [
    ...list(
      "findings",
      findings.map(({ kind, lesions, size, severity, level, side, inside }) =>
        [kind, COUNTS[lesions.length - 1], size, severity, level, side, "in", inside ?? "none"].join(" "),
      ),
    ),
    ...list(
      "device",
      devices.map(({ kind, level, side, crosses, covers }) =>
        [kind, level, side, "across", crosses ?? "none", "over", covers ?? "none"].join(" "),
      ),
    ),
    ...list(
      "organs",
      organs.map((organ) => [organ.kind, sideOf(organ) ?? "middle"].join(" ")),
    ),
  ].join(" ");
}
