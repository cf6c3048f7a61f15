import { editorLooks, editorStyle, type Hatch } from "../../kernels/display/editor-style.ts";
import { html, svg } from "../element.ts";

// Strokes inside a swatch of 22 x 14.
const STROKES: Record<Hatch, string> = {
  plain: "",
  rising: "M-1,7L7,-1M-1,15L15,-1M7,15L23,-1M15,15L23,7",
  falling: "M-1,7L7,15M-1,-1L15,15M7,-1L23,15M15,-1L23,7",
  crossed: "M-1,7L7,-1M-1,15L15,-1M7,15L23,-1M15,15L23,7M-1,7L7,15M-1,-1L15,15M7,-1L23,15M15,-1L23,7",
  dots: "M4,4h.1M11,4h.1M18,4h.1M7.5,10h.1M14.5,10h.1",
  upright: "M4,0V14M11,0V14M18,0V14",
  level: "M0,4H22M0,10H22",
  grid: "M0,4H22M0,10H22M4,0V14M11,0V14M18,0V14",
};

/** The key to a metric plot; each editor is a button that shows or hides its bars. */
export function legend(
  editors: string[],
  toggle: (editor: string, shown: boolean) => void,
  { reported = false }: { reported?: boolean } = {},
): HTMLElement {
  const looks = editorLooks(editors);
  const buttons = editors.map((editor, index) => {
    const button = html("button", { type: "button", "aria-pressed": "true" }, swatch(looks[index]), editor);
    button.title = `Show or hide ${editor}`;
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      toggle(editor, shown);
    });
    return html("li", {}, button);
  });
  const mark = (d: string, width: number) =>
    svg("svg", SWATCH_FRAME, svg("path", { d, stroke: "currentColor", "stroke-width": width, fill: "none" }));
  return html(
    "ul",
    { class: "medke-legend", "aria-label": "Key; editors can be shown or hidden" },
    ...buttons,
    html("li", {}, mark("M0,7H22", 2.5), "base model"),
    html("li", {}, mark("M11,1V13M7,1H15M7,13H15", 1.5), "95% interval"),
    ...(reported ? [html("li", {}, mark("M11,1L17,7L11,13L5,7Z", 1.5), "reported, not measured")] : []),
  );
}

export const SWATCH_FRAME = {
  class: "medke-swatch",
  viewBox: "0 0 22 14",
  width: 22,
  height: 14,
  "aria-hidden": "true",
};

/** How the bars of an editor look. */
export function swatch(index: number): SVGElement {
  const { colour, hatch } = editorStyle(index);
  return svg(
    "svg",
    SWATCH_FRAME,
    svg("rect", { width: 22, height: 14, fill: colour }),
    hatchStrokes(hatch),
    svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, fill: "none", stroke: "currentColor" }),
  );
}

/** A hatching on 22 x 14, which repeats without a seam. */
export const hatchStrokes = (hatch: Hatch): SVGElement =>
  svg("path", {
    d: STROKES[hatch],
    stroke: "#111111",
    "stroke-width": hatch === "dots" ? 2.6 : 1.2,
    "stroke-linecap": "round",
  });
