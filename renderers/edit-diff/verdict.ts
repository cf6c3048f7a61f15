import { html, svg } from "../element.ts";

/** Pass or fail as a word with an icon: a tick in a disc or a cross in a ring, told apart by shape alone. */
export function verdict(pass: boolean): HTMLElement {
  const picture = pass
    ? [
        svg("circle", { cx: 8, cy: 8, r: 7.5, fill: "currentColor" }),
        svg("path", { d: "M4.3,8.3L7,11L11.7,5.2", class: "medke-tick", "stroke-width": 1.9, fill: "none" }),
      ]
    : [
        svg("circle", { cx: 8, cy: 8, r: 6.8, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }),
        svg("path", { d: "M5.4,5.4L10.6,10.6M10.6,5.4L5.4,10.6", stroke: "currentColor", "stroke-width": 1.9 }),
      ];
  const icon = svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, ...picture);
  return html("span", { class: `medke-verdict medke-${pass ? "pass" : "fail"}` }, icon, pass ? "Pass" : "Fail");
}
