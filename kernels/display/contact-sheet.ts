import type { RgbImage } from "../../datasets/image.ts";
import { escapeXml, wrap } from "./svg-text.ts";

/** One field of a contact sheet: images side by side with lines of text below. */
export interface Tile {
  images: RgbImage[];
  lines: { text: string; strong?: true }[];
}

/** Each pixel of a picture becomes a square of so many. */
const SCALE = 2;
const GAP = 16;
const LINE = 17;
/** Space below a strong line, which ends a paragraph. */
const PARAGRAPH = 6;
const FONT = 13;
/** Average width of a letter of the font. */
const LETTER = 7.1;

/** Draws tiles in rows of `columns`, under a title. All pictures must have one size. Returns a PNG. */
export async function contactSheet(title: string, tiles: readonly Tile[], columns: number): Promise<Buffer> {
  const edge = tiles[0].images[0].width * SCALE;
  const most = Math.max(...tiles.map(({ images }) => images.length));
  const width = most * edge + (most - 1) * (GAP / 4);
  const limit = Math.floor(width / LETTER);
  const wrapped = tiles.map(({ lines }) => setLines(lines, limit));
  const rows = Math.ceil(tiles.length / columns);
  const heights = Array.from({ length: rows }, (_, row) => {
    const below = wrapped.slice(row * columns, (row + 1) * columns).map(({ height }) => height);
    return edge + Math.max(...below) + 2 * GAP;
  });
  const tops = heights.map((_, row) => 3 * GAP + heights.slice(0, row).reduce((sum, height) => sum + height, 0));
  const size = {
    width: GAP + columns * (width + GAP),
    height: 3 * GAP + heights.reduce((sum, height) => sum + height, 0),
  };
  const place = (i: number) => ({ x: GAP + (i % columns) * (width + GAP), y: tops[Math.floor(i / columns)] });

  const texts = wrapped.flatMap(({ lines }, i) =>
    lines.map(({ text, strong, down }) => {
      const { x, y } = place(i);
      const style = strong ? ` font-weight="600"` : ` fill="#4a4a4a"`;
      return `<text x="${x}" y="${y + edge + down}"${style}>${escapeXml(text)}</text>`;
    }),
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" ` +
    `font-family="'DejaVu Sans', 'Segoe UI', sans-serif" font-size="${FONT}" fill="#1a1a1a">` +
    `<rect width="100%" height="100%" fill="#ffffff"/>` +
    `<text x="${GAP}" y="${2 * GAP - 4}" font-size="17" font-weight="600">${escapeXml(title)}</text>${texts.join("")}</svg>`;
  const pictures = tiles.flatMap(({ images }, i) =>
    images.map(async (image, j) => ({
      input: await enlarged(image),
      left: place(i).x + j * (edge + GAP / 4),
      top: place(i).y,
    })),
  );
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(svg))
    .composite(await Promise.all(pictures))
    .png({ compressionLevel: 9 })
    .toBuffer();
}

const enlarged = async ({ width, height, data }: RgbImage): Promise<Buffer> =>
  (await import("sharp"))
    .default(data, { raw: { width, height, channels: 3 } })
    .resize(width * SCALE, height * SCALE, { kernel: "nearest" })
    .png()
    .toBuffer();

/** Lines as they are wrapped, each with the place of its baseline below the pictures, in pixels. */
function setLines(given: Tile["lines"], limit: number) {
  let height = 0;
  const lines = given.flatMap(({ text, strong }) => {
    const set = wrap(text, limit).map((line) => ({ text: line, strong, down: (height += LINE) }));
    if (strong) height += PARAGRAPH;
    return set;
  });
  return { lines, height };
}
