import { withArticle } from "../questions/templates.ts";
import { COUNTS } from "../questions/visual-asks.ts";
import type { Device, Finding, Scene } from "../world/scene.ts";

/** Describes all that a scene shows; like the published captions it starts with a space, and it contains the answers. */
export function sceneCaption({ modality, organs, findings, devices }: Scene): string {
  const parts = [
    organs.map(({ kind }) => `the ${kind}`).join(" and "),
    ...findings.map(finding),
    ...devices.map(device),
  ];
  return ` ${modality} image that shows ${parts.filter(Boolean).join("; ")}.`;
}

/** What an image shows, for results by category: the modality and at most two organs. */
export const categoriesOf = ({ modality, organs }: Scene): string[] => [
  modality,
  ...organs.slice(0, 2).map(({ kind }) => kind),
];

function finding({ kind, size, severity, lesions, side, level, inside }: Finding): string {
  const count = COUNTS[lesions.length - 1];
  const where = inside ? ` in the ${inside}` : "";
  return `a ${severity} ${kind} of ${count} ${size} lesion${lesions.length > 1 ? "s" : ""}${where}, ${side} and ${level}`;
}

function device({ kind, side, crosses, covers }: Device): string {
  const course = crosses ? ` across the ${crosses}` : covers ? ` over the ${covers}` : "";
  return `${withArticle(kind)}${course} on the ${side}`;
}
