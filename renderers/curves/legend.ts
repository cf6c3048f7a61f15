import type { CurvePanels } from "../../kernels/display/curve-panels.ts";
import { editorStyle } from "../../kernels/display/editor-style.ts";
import { html, svg } from "../element.ts";
import { lookClass } from "./styles.ts";

/** The key to curves; each editor is a button that shows or hides its curve in every panel. */
export function curvesLegend(
  { editors, looks }: Pick<CurvePanels, "editors" | "looks">,
  toggle: (editor: string, shown: boolean) => void,
): HTMLElement {
  const frame = { class: "medke-swatch", viewBox: "0 0 40 14", width: 40, height: 14, "aria-hidden": "true" };
  const mark = (name: string, d: string) => svg("svg", frame, svg("path", { class: name, d }));
  const buttons = editors.map((editor, index) => {
    const { dash, marker } = editorStyle(looks[index]);
    const swatch = svg(
      "svg",
      { ...frame, class: `medke-swatch ${lookClass(looks[index])}` },
      svg("path", { class: "medke-line", "stroke-dasharray": dash, d: "M0,7H40" }),
      svg("path", { class: "medke-mark", d: marker, transform: "translate(20,7)" }),
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
    html("li", {}, mark("medke-base", "M0,7H40"), "base model"),
    html("li", {}, mark("medke-whisker medke-plain", "M20,1V13M17,1h6M17,13h6"), "95% interval"),
  );
}
