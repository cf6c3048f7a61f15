import { CURVE_FRAME, curveGeometry } from "./curve-geometry.ts";
import { type CurvePanel, curvePanels, type CurvePanels } from "./curve-panels.ts";
import type { CurvesPayload, CurvesPayloadRow } from "./curves.ts";
import { curvesSummary, panelSampleSize, pointFacts } from "./curves-text.ts";
import { editorStyle } from "./editor-style.ts";
import { metricWords, profileWords } from "./metric-words.ts";
import { escapeXml, wrap } from "./svg-text.ts";

const INK = "#1f1f1f";
const QUIET = "#595959";
const PAPER = "#ffffff";
const PAD = 20;
const GAP = 24;
const COLUMNS = 3;
const TITLE = 38;
const GLYPH = 6.6; // average width at 12 px of the fonts in use; lines are wrapped a little early rather than cut

/** Draws curves as a standalone SVG on white: no script, no link, live text; three panels in a row. Throws: IncomparableRowsError; PayloadError. */
export function curvesSvg(payload: CurvesPayload): string {
  const arranged = curvePanels(payload.rows);
  const width = 2 * PAD + COLUMNS * CURVE_FRAME.width + (COLUMNS - 1) * GAP;
  const inner = width - 2 * PAD;
  const parts: string[] = [];
  let y = PAD;
  const line = (words: string, size: number, style: string) => {
    for (const part of wrap(words, Math.floor((inner / GLYPH) * (12 / size) * (style.includes("600") ? 0.88 : 1)))) {
      y += size * 1.15;
      parts.push(text(PAD, y, part, `font-size="${size}" ${style}`));
      y += size * 0.3;
    }
  };
  line(payload.title, 17, `font-weight="600"`);
  if (payload.subtitle) line(payload.subtitle, 12, `fill="${QUIET}"`);
  line(profileWords(payload.profile), 12, `fill="${QUIET}"`);
  const key = legend(arranged, inner);
  parts.push(`<g transform="translate(${PAD},${y + 12})">${key.markup}</g>`);
  y += 12 + key.height + 6;
  arranged.panels.forEach((panel, i) => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const at = `${PAD + column * (CURVE_FRAME.width + GAP)},${y + row * (TITLE + CURVE_FRAME.height + 6)}`;
    parts.push(`<g transform="translate(${at})">${drawPanel(panel, arranged)}</g>`);
  });
  y += Math.ceil(arranged.panels.length / COLUMNS) * (TITLE + CURVE_FRAME.height + 6) + 4;
  if (payload.notice) line(payload.notice, 12, `font-style="italic"`);
  const height = Math.ceil(y + PAD);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
    `font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}">` +
    `<title>${escapeXml(payload.title)}</title><desc>${escapeXml(curvesSummary(payload))}</desc>` +
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>${parts.join("")}</svg>\n`
  );
}

const text = (x: number, y: number, words: string, style = "") =>
  `<text x="${x}" y="${Math.round(y * 10) / 10}" ${style}>${escapeXml(words)}</text>`;
const stroke = (d: string, style: string) => `<path d="${d}" fill="none" ${style}/>`;

function drawPanel(panel: CurvePanel, { checkpoints, editors }: CurvePanels): string {
  const { width, height, left, right, top, bottom } = CURVE_FRAME;
  const { columns, lines, bases, curves } = curveGeometry(panel, checkpoints, editors.length);
  const middle = (left + width - right) / 2;
  const faint = `stroke="${INK}" stroke-opacity="0.14"`;
  const small = `font-size="11" fill="${QUIET}"`;
  const grid = [
    ...lines.map(
      ({ y, label }) =>
        stroke(`M${left},${y}H${width - right}`, faint) + text(left - 6, y + 4, label, `text-anchor="end" ${small}`),
    ),
    ...columns.map(
      ({ x, label }) =>
        stroke(`M${x},${top}V${height - bottom}`, faint) +
        text(x, height - bottom + 16, label, `text-anchor="middle" ${small}`),
    ),
    text(middle, height - 6, "edits in force", `text-anchor="middle" ${small}`),
  ];
  const marks = [
    ...bases.map((d) => stroke(d, BASE)),
    // Below the lines and faint, because many of them stand side by side.
    ...curves.flatMap(({ look, points }) =>
      points.flatMap(({ whisker }) =>
        whisker
          ? [stroke(whisker, `stroke="${editorStyle(look).line.light}" stroke-width="1.4" stroke-opacity="0.6"`)]
          : [],
      ),
    ),
    ...curves.map(({ look, path }) => line(look, path)),
    ...curves.flatMap(({ look, points }) => points.map(({ x, y, row }) => marker(look, x, y, row))),
  ];
  return (
    text(0, 14, metricWords(panel.metric), `font-size="13" font-weight="600"`) +
    text(0, 30, panelSampleSize(panel), small) +
    `<g transform="translate(0,${TITLE})">${grid.join("")}${marks.join("")}</g>`
  );
}

const BASE = `stroke="${INK}" stroke-width="1.2" stroke-dasharray="1 3"`;

const line = (look: number, d: string): string => {
  const { line, dash } = editorStyle(look);
  return stroke(d, `stroke="${line.light}" stroke-width="2.2" stroke-dasharray="${dash}"`);
};

const marker = (look: number, x: number, y: number, row?: CurvesPayloadRow): string =>
  `<path d="${editorStyle(look).marker}" transform="translate(${x},${y})" fill="${editorStyle(look).line.light}" stroke="${PAPER}" stroke-width="0.8">` +
  `${row ? `<title>${escapeXml(pointFacts(row).join(", "))}</title>` : ""}</path>`;

function legend({ editors, looks }: CurvePanels, width: number): { markup: string; height: number } {
  const [base, spread] = ["base model", "95% interval"];
  const longest = Math.max(...[base, spread, ...editors].map((label) => label.length));
  const columns = Math.max(1, Math.floor(width / (48 + longest * GLYPH + 14)));
  const pitch = Math.floor(width / columns);
  let placed = 0;
  const place = (label: string, swatch: string) => {
    const [x, y] = [(placed % columns) * pitch, Math.floor(placed / columns) * 22];
    placed += 1;
    return `<g transform="translate(${x},${y})">${swatch}${text(48, 11, label)}</g>`;
  };
  const entries = [
    ...editors.map((editor, index) => place(editor, line(looks[index], "M0,7H40") + marker(looks[index], 20, 7))),
    place(base, stroke("M0,7H40", BASE)),
    place(spread, stroke("M20,0V14M17,0h6M17,14h6", `stroke="${INK}" stroke-width="1.4"`)),
  ];
  return { markup: entries.join(""), height: Math.ceil(placed / columns) * 22 };
}
