import { metricWords } from "../../kernels/display/metric-words.ts";
import { panelWords } from "../../kernels/display/panels.ts";
import type { MetricPanel } from "../../kernels/display/panels.ts";
import { wrap } from "../../kernels/display/svg-text.ts";

/** Where a panel's bars are drawn: its size in pixels, and the same as fractions of the whole figure (y upwards). */
export interface Box {
  width: number;
  height: number;
  fractionX: [number, number];
  fractionY: [number, number];
  /** The scoring profile, broken into lines that fit. */
  title: string[];
}

/** Places panels beside each other where every group of bars keeps a readable width, otherwise below each other. */
export function panelGrid(
  panels: readonly MetricPanel[],
  editors: number,
  figure: { width: number; top: number; bottom: number; fontSize: number },
): { boxes: Box[]; height: number } {
  const left = figure.fontSize * 3.4;
  const right = 10;
  const most = Math.max(...panels.map(({ categories }) => categories.length));
  const least = most * Math.max(96, editors * 34);
  const fitting = Math.floor(figure.width / (least + left + right));
  const columns = Math.max(1, Math.min(panels.length, fitting));
  const rows = Math.ceil(panels.length / columns);
  const slot = (figure.width / columns - left - right) / most;
  const names = panels.flatMap(({ categories }) => categories.map(({ metric }) => metricWords(metric)));
  const lines = Math.max(...names.map((name) => wrap(name, glyphsIn(slot, figure.fontSize)).length));
  const below = figure.fontSize * 1.3 * (lines + 1) + 16; // the metric's name, and n
  const titles = panels.map((panel) =>
    wrap(panelWords(panel), Math.floor(glyphsIn(figure.width / columns - left - right, figure.fontSize) * 0.95)),
  );
  const above = figure.fontSize * 1.3 * Math.max(...titles.map((title) => title.length)) + 34; // and room for numbers above full bars
  const cell = { width: figure.width / columns, height: above + below + 210 };
  const height = figure.top + rows * cell.height + figure.bottom;
  const boxes = panels.map((_, index) => {
    const x = (index % columns) * cell.width;
    const y = figure.top + Math.floor(index / columns) * cell.height;
    const width = Math.max(40, cell.width - left - right);
    const inner = cell.height - above - below;
    const fractionX: [number, number] = [(x + left) / figure.width, (x + left + width) / figure.width];
    const fractionY: [number, number] = [1 - (y + above + inner) / height, 1 - (y + above) / height];
    return { width, height: inner, fractionX, fractionY, title: titles[index] };
  });
  return { boxes, height };
}

/** How many average glyphs fit into a width of pixels; rather a little too few than too many. */
export const glyphsIn = (width: number, fontSize: number): number => Math.max(8, Math.floor(width / (fontSize * 0.58)));
