import { editorMarker } from "../../kernels/display/editor-marker.ts";
import { editorStyle } from "../../kernels/display/editor-style.ts";
import { html, svg } from "../element.ts";

/** The key to curves; each editor is a button that shows or hides its curve in every panel. */
export function curvesLegend(
  editors: readonly string[],
  toggle: (editor: string, shown: boolean) => void,
): HTMLElement {
  const frame = { class: "medke-swatch", viewBox: "0 0 28 14", width: 28, height: 14, "aria-hidden": "true" };
  const mark = (name: string, d: string) => svg("svg", frame, svg("path", { class: name, d }));
  const buttons = editors.map((editor, index) => {
    const { colour } = editorStyle(index);
    const swatch = svg(
      "svg",
      frame,
      svg("path", { class: "medke-line", stroke: colour, d: "M0,7H28" }),
      svg("path", { class: "medke-mark", fill: colour, d: editorMarker(index), transform: "translate(14,7)" }),
    );
    const button = html("button", { type: "button", "aria-pressed": "true" }, swatch, editor);
    button.title = `Show or hide ${editor}`;
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      toggle(editor, shown);
    });
    return html("li", {}, button);
  });
  return html(
    "ul",
    { class: "medke-legend", "aria-label": "Key; editors can be shown or hidden" },
    ...buttons,
    html("li", {}, mark("medke-base", "M0,7H28"), "base model"),
    html("li", {}, mark("medke-whisker medke-plain", "M14,1V13M11,1h6M11,13h6"), "95% interval"),
  );
}
