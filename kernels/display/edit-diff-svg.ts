import { answerWords, changed, gain, logprobs, SAME_PIXELS, editDiffSummary } from "./diff-words.ts";
import type { DiffImage, DiffProbe, EditDiffPayload } from "./edit-diff.ts";
import { signed } from "./format-number.ts";
import { probeWords } from "./metric-words.ts";
import { escapeXml, wrap } from "./svg-text.ts";

const INK = "#1f1f1f";
const QUIET = "#595959";
const RULE = "#c8c8c8";
const PASS = "#0b5c8f";
const FAIL = "#a34700";
const WIDTH = 1000;
const PAD = 20;
const PICTURE = 260;
const THUMB = 72;
const LINE = 17;
const GLYPH = 6.9; // average width of a glyph at 12.5 px

// Left edge and width of each column, pixels.
const COLUMNS = {
  result: [PAD, 66],
  probe: [92, 124],
  question: [224, 270],
  before: [502, 116],
  after: [626, 116],
  expected: [750, 110],
  change: [868, 112],
} as const;

/** Draws a before/after view as a standalone SVG on white: the edited image, the change, and a row a probe. */
export function editDiffSvg(payload: EditDiffPayload): string {
  const head = header(payload);
  const scale = Math.max(...payload.probes.map((probe) => Math.abs(gain(probe))), 1e-9);
  let y = head.bottom + 12;
  const parts = [head.markup, columnTitles(y)];
  y += 30;
  for (const probe of payload.probes) {
    const row = probeRow(payload, probe, y, scale);
    parts.push(row.markup);
    y = row.bottom;
  }
  const height = Math.ceil(y + PAD / 2);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" ` +
    `font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12.5" fill="${INK}">` +
    `<title>${escapeXml(editDiffSummary(payload))}</title>` +
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>${parts.join("")}</svg>\n`
  );
}

function header(payload: EditDiffPayload): { markup: string; bottom: number } {
  const image = payload.image === undefined ? undefined : payload.images[payload.image];
  const x = image ? PAD + PICTURE + 24 : PAD;
  const room = WIDTH - PAD - x;
  const parts: string[] = [];
  let bottom = PAD;
  if (image) {
    const shown = picture(image, PAD, PAD, PICTURE);
    parts.push(shown.markup);
    bottom = PAD + shown.height;
  }
  let y = PAD;
  const line = (text: string, size: number, style: string, above = 0) => {
    y += above;
    for (const part of wrap(text, Math.floor((room / GLYPH) * (12.5 / size)))) {
      y += size * 1.2;
      parts.push(`<text x="${x}" y="${round(y)}" font-size="${size}" ${style}>${escapeXml(part)}</text>`);
      y += size * 0.25;
    }
  };
  line(payload.question, 17, `font-weight="600"`);
  line(`${answerWords(payload.answer)}  \u2192  ${payload.target}`, 17, `font-weight="600" fill="${PASS}"`, 4);
  line(`Editor ${payload.editor}, model ${payload.model}`, 12.5, "", 8);
  line(`Benchmark ${payload.benchmark}, case ${payload.case}`, 12.5, "");
  if (payload.notice) line(payload.notice, 12.5, `font-style="italic"`, 8);
  if (image) line(SAME_PIXELS, 12.5, `fill="${QUIET}"`, 8);
  return { markup: parts.join(""), bottom: Math.max(bottom, y) + 8 };
}

function columnTitles(y: number): string {
  const titles = {
    result: "Result",
    probe: "Probe",
    question: "Question",
    before: "Before",
    after: "After",
    expected: "Expected",
    change: "Log-prob., nats",
  };
  const texts = Object.entries(titles).map(
    ([name, title]) =>
      `<text x="${COLUMNS[name as keyof typeof COLUMNS][0]}" y="${y + 16}" font-weight="600" fill="${QUIET}">${title}</text>`,
  );
  return texts.join("") + rule(y + 26);
}

function probeRow(payload: EditDiffPayload, probe: DiffProbe, top: number, scale: number) {
  const other = probe.image !== undefined && probe.image !== payload.image ? payload.images[probe.image] : undefined;
  const parts: string[] = [];
  let bottom = top;
  const cell = (name: keyof typeof COLUMNS, text: string, style = "", indent = 0) => {
    const [x, width] = COLUMNS[name];
    const glyph = style.includes("600") ? GLYPH * 1.1 : GLYPH;
    wrap(text, Math.floor((width - indent) / glyph)).forEach((part, i) => {
      const y = top + 20 + i * LINE;
      parts.push(`<text x="${x + indent}" y="${y}" ${style}>${escapeXml(part)}</text>`);
      bottom = Math.max(bottom, y + 10);
    });
  };
  parts.push(icon(probe.pass, COLUMNS.result[0], top + 8));
  cell("result", probe.pass ? "Pass" : "Fail", `font-weight="600" fill="${probe.pass ? PASS : FAIL}"`, 20);
  cell("probe", probeWords(probe));
  if (other) {
    const [x, width] = COLUMNS.question;
    const shown = picture(other, x + width - THUMB, top + 8, THUMB);
    parts.push(shown.markup);
    bottom = Math.max(bottom, top + 16 + shown.height);
    wrap(probe.question, Math.floor((width - THUMB - 8) / GLYPH)).forEach((part, i) => {
      parts.push(`<text x="${x}" y="${top + 20 + i * LINE}">${escapeXml(part)}</text>`);
      bottom = Math.max(bottom, top + 30 + i * LINE);
    });
  } else cell("question", probe.question);
  cell("before", answerWords(probe.before));
  cell("after", answerWords(probe.after), changed(probe) ? `font-weight="600" text-decoration="underline"` : "");
  cell("expected", answerWords(probe.expected));
  cell("change", signed(gain(probe)), `font-weight="600"`);
  parts.push(changeBar(gain(probe) / scale, COLUMNS.change[0] + 48, top + 11));
  parts.push(`<text x="${COLUMNS.change[0]}" y="${top + 36}" font-size="11" fill="${QUIET}">${logprobs(probe)}</text>`);
  bottom = Math.max(bottom, top + 46);
  return { markup: parts.join("") + rule(bottom), bottom };
}

/** A bar to the right for a gain and to the left for a loss, from a middle line. */
function changeBar(share: number, x: number, y: number): string {
  const half = 30;
  const length = round(Math.abs(share) * half);
  const left = share < 0 ? x + half - length : x + half;
  return (
    `<rect x="${round(left)}" y="${y}" width="${length}" height="9" fill="${share < 0 ? FAIL : PASS}"/>` +
    `<path d="M${x + half},${y - 2}V${y + 11}" stroke="${INK}"/>`
  );
}

/** A tick in a full disc, or a cross in a ring: told apart by shape alone. */
function icon(pass: boolean, x: number, y: number): string {
  return pass
    ? `<g transform="translate(${x},${y})"><circle cx="7.5" cy="7.5" r="7" fill="${PASS}"/><path d="M4,7.8L6.6,10.3L11,5" stroke="#fff" stroke-width="1.8" fill="none"/></g>`
    : `<g transform="translate(${x},${y})"><circle cx="7.5" cy="7.5" r="6.4" fill="#fff" stroke="${FAIL}" stroke-width="1.4"/><path d="M5,5L10,10M10,5L5,10" stroke="${FAIL}" stroke-width="1.8"/></g>`;
}

function picture(image: DiffImage, x: number, y: number, edge: number): { markup: string; height: number } {
  const scale = edge / Math.max(image.width, image.height);
  const [width, height] = [round(image.width * scale), round(image.height * scale)];
  const markup =
    `<image x="${x}" y="${y}" width="${width}" height="${height}" href="data:${image.mime};base64,${image.base64}"/>` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${RULE}"/>`;
  return { markup, height };
}

const rule = (y: number): string => `<path d="M${PAD},${round(y)}H${WIDTH - PAD}" stroke="${RULE}"/>`;
const round = (value: number): number => Math.round(value * 10) / 10;
