import { CURVE_FRAME, curveGeometry } from "../../kernels/display/curve-geometry.ts";
import type { CurvePanel, CurvePanels } from "../../kernels/display/curve-panels.ts";
import { panelSampleSize } from "../../kernels/display/curves-text.ts";
import type { CurvesPayloadRow } from "../../kernels/display/curves.ts";
import { editorStyle } from "../../kernels/display/editor-style.ts";
import { metricWords } from "../../kernels/display/metric-words.ts";
import { html, svg } from "../element.ts";
import { lookClass } from "./styles.ts";

/** A point as it is drawn: its mark, and the group of its editor's whole curve in this panel. */
export interface DrawnPoint {
  row: CurvesPayloadRow;
  mark: SVGElement;
  curve: SVGGElement;
}

/** Draws one metric's curves. Points come editor by editor; the nearest one under the pointer goes to `point`. */
export function curvesPanel(
  panel: CurvePanel,
  { checkpoints, editors }: CurvePanels,
  point: (row: CurvesPayloadRow | undefined) => void,
): { element: HTMLElement; points: DrawnPoint[] } {
  const { width, height, left, right, top, bottom } = CURVE_FRAME;
  const { columns, lines, bases, curves } = curveGeometry(panel, checkpoints, editors.length);
  const text = (x: number, y: number, anchor: string, words: string) =>
    svg("text", { x, y, "text-anchor": anchor }, words);
  const path = (name: string, d: string) => svg("path", { class: name, d });

  const drawn = curves.map(({ look, path: line, points }) => {
    const { dash, marker } = editorStyle(look);
    const marks = points.map(({ x, y }) =>
      svg("path", { class: "medke-mark", d: marker, transform: `translate(${x},${y})` }),
    );
    const whiskers = points.flatMap(({ whisker }) => (whisker ? [path("medke-whisker", whisker)] : []));
    const drawnLine = svg("path", { class: "medke-line", "stroke-dasharray": dash, d: line });
    const group = svg("g", { class: `medke-curve ${lookClass(look)}` }, ...whiskers, drawnLine, ...marks);
    return { group, marks, points };
  });
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height },
    ...lines.flatMap(({ y, label }) => [
      path("medke-grid", `M${left},${y}H${width - right}`),
      text(left - 6, y + 4, "end", label),
    ]),
    ...columns.flatMap(({ x, label }) => [
      path("medke-grid", `M${x},${top}V${height - bottom}`),
      text(x, height - bottom + 16, "middle", label),
    ]),
    text((left + width - right) / 2, height - 6, "middle", "edits in force"),
    ...bases.map((d) => path("medke-base", d)),
    ...drawn.map(({ group }) => group),
  );

  const placed = drawn.flatMap(({ group, points }) => points.map((each) => ({ ...each, group })));
  picture.addEventListener("pointermove", ({ clientX, clientY }) => {
    const box = picture.getBoundingClientRect();
    const [px, py] = [((clientX - box.left) * width) / box.width, ((clientY - box.top) * height) / box.height];
    const near = placed
      .filter(({ group }) => !group.hasAttribute("hidden"))
      .map(({ row, x, y }) => ({ row, far: Math.hypot(x - px, y - py) }))
      .reduce((a, b) => (b.far < a.far ? b : a), { row: undefined as CurvesPayloadRow | undefined, far: REACH });
    point(near.row);
  });
  picture.addEventListener("pointerleave", () => point(undefined));
  return {
    element: html(
      "figure",
      { "aria-hidden": "true" },
      html("figcaption", {}, metricWords(panel.metric)),
      html("p", { class: "medke-quiet" }, panelSampleSize(panel)),
      picture,
    ),
    points: drawn.flatMap(({ group, marks, points }) =>
      points.map(({ row }, i) => ({ row, mark: marks[i], curve: group })),
    ),
  };
}

/** How far from a point the pointer still means it, pixels of the drawing. */
const REACH = 14;
