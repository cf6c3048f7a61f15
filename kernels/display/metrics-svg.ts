import { editorLooks, editorStyle, type Hatch } from "./editor-style.ts";
import { metricsPanelSvg, hatchId } from "./metrics-panel-svg.ts";
import { metricsSummary } from "./metrics-summary.ts";
import type { MetricsPayload } from "./metrics.ts";
import { metricPanels, panelWords } from "./panels.ts";
import { anyBeside, reportedParagraphs } from "./reported-point.ts";
import { escapeXml, wrap } from "./svg-text.ts";

const INK = "#1f1f1f";
const QUIET = "#595959";
const PAD = 20;
const PANEL_HEIGHT = 260;
const GLYPH = 6.6; // average width at 12 px of the fonts in use; lines are wrapped a little early rather than cut

/**
 * Draws a metric plot as a standalone SVG on white: no script, no link, live text.
 *
 * Throws: IncomparableRowsError.
 */
export async function metricsSvg(payload: MetricsPayload): Promise<string> {
  // Loaded on first use: they cost a cell that draws nothing half a second.
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const { editors, panels } = metricPanels(payload.rows);

  const mostBars = Math.max(...panels.map((panel) => panel.categories.length)) * (editors.length + 0.8);
  const width = Math.round(Math.min(1600, Math.max(720, 100 + mostBars * 38)));
  const inner = width - 2 * PAD;
  const parts: string[] = [];
  let y = PAD;
  const line = (text: string, size: number, style: string) => {
    for (const part of wrap(text, Math.floor((inner / GLYPH) * (12 / size) * (style.includes("600") ? 0.88 : 1)))) {
      y += size * 1.15;
      parts.push(`<text x="${PAD}" y="${round(y)}" font-size="${size}" ${style}>${escapeXml(part)}</text>`);
      y += size * 0.3;
    }
  };

  line(payload.title, 17, `font-weight="600" fill="${INK}"`);
  if (payload.subtitle) line(payload.subtitle, 12, `fill="${QUIET}"`);
  y += 10;
  const key = legend(editors, inner, anyBeside(panels, payload.reported));
  parts.push(`<g transform="translate(${PAD},${round(y)})">${key.markup}</g>`);
  y += key.height;
  for (const panel of panels) {
    y += 8;
    line(panelWords(panel), 13, `font-weight="600" fill="${INK}"`);
    const drawn = metricsPanelSvg(Plot, document, panel, {
      width: inner,
      height: PANEL_HEIGHT,
      editors,
      reported: payload.reported,
    });
    parts.push(drawn.replace("<svg ", `<svg x="${PAD}" y="${round(y)}" `));
    y += PANEL_HEIGHT;
  }
  y += 4;
  for (const paragraph of reportedParagraphs(payload.reported)) {
    line(paragraph, 12, `fill="${QUIET}"`);
    y += 4;
  }
  if (payload.notice) line(payload.notice, 12, `font-style="italic" fill="${INK}"`);
  const height = Math.ceil(y + PAD);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
    `font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" fill="${INK}" color="${INK}">` +
    `<title>${escapeXml(payload.title)}</title><desc>${escapeXml(metricsSummary(payload))}</desc>` +
    `<defs>${editors.map((_, index) => pattern(index)).join("")}</defs>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>${parts.join("")}</svg>\n`
  );
}

function legend(editors: string[], width: number, reported: boolean): { markup: string; height: number } {
  const row = 22;
  let [x, y] = [0, 0];
  const place = (label: string, swatch: string) => {
    const needed = 28 + label.length * GLYPH + 16;
    if (x && x + needed > width) [x, y] = [0, y + row];
    const entry = `<g transform="translate(${round(x)},${y})">${swatch}<text x="28" y="11" font-size="12">${escapeXml(label)}</text></g>`;
    x += needed;
    return entry;
  };
  const box = (fill: string) => `<rect y="1" width="20" height="12" fill="${fill}" stroke="${INK}"/>`;
  const looks = editorLooks(editors);
  const entries = editors.map((editor, index) =>
    place(editor, box(editorStyle(looks[index]).colour) + box(`url(#${hatchId(looks[index])})`)),
  );
  entries.push(
    place("base model", `<path d="M0,7H20" stroke="${INK}" stroke-width="2.5"/>`),
    place("95% interval", `<path d="M10,0V14M6,0H14M6,14H14" stroke="${INK}" stroke-width="1.5" fill="none"/>`),
  );
  if (reported)
    entries.push(
      place(
        "reported, not measured",
        `<path d="M10,1L16,7L10,13L4,7Z" stroke="${INK}" stroke-width="1.5" fill="none"/>`,
      ),
    );
  return { markup: entries.join(""), height: y + row };
}

const HATCH_PATHS: Record<Hatch, string> = {
  plain: "",
  rising: "M-2,2L2,-2M0,8L8,0M6,10L10,6",
  falling: "M-2,6L2,10M0,0L8,8M6,-2L10,2",
  crossed: "M0,8L8,0M0,0L8,8",
  upright: "M4,0V8",
  level: "M0,4H8",
  grid: "M0,4H8M4,0V8",
  dots: "",
};

function pattern(look: number): string {
  const { hatch } = editorStyle(look);
  const mark =
    hatch === "dots"
      ? `<circle cx="4" cy="4" r="1.4" fill="${INK}"/>`
      : `<path d="${HATCH_PATHS[hatch]}" stroke="${INK}" fill="none"/>`;
  const content = hatch === "plain" ? "" : mark;
  return `<pattern id="${hatchId(look)}" width="8" height="8" patternUnits="userSpaceOnUse">${content}</pattern>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
