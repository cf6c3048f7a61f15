import { svg } from "../element.ts";

const HALF = 32;

/** A small bar from a middle line: to the right for a gain, to the left for a loss; `share` of the largest change, in [-1, 1]. */
export function changeBar(share: number): SVGElement {
  const length = Math.abs(share) * HALF;
  return svg(
    "svg",
    {
      class: share < 0 ? "medke-fail" : "medke-pass",
      viewBox: `0 0 ${2 * HALF} 14`,
      width: 2 * HALF,
      height: 14,
      "aria-hidden": "true",
    },
    svg("rect", { x: share < 0 ? HALF - length : HALF, y: 3, width: length, height: 8, fill: "currentColor" }),
    svg("path", { d: `M${HALF},0V14`, class: "medke-axis" }),
  );
}
