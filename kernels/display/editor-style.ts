import { editorMarker } from "./editor-marker.ts";

/** How an editor is drawn. Colour is never the only difference: bars also have a hatching, curves a dash and a mark. */
export interface EditorStyle {
  /** Fill of bars, on any ground. */
  colour: string;
  hatch: Hatch;
  /** Colours of curves, at least 3:1 against their ground: the hues of `colour`, of which some are too pale or too dark for a thin line. */
  line: { light: string; dark: string };
  /** `stroke-dasharray`, so that of curves that lie on each other both are seen. */
  dash: string;
  /** Path around (0, 0). */
  marker: string;
}

export type Hatch = "plain" | "rising" | "dots" | "crossed" | "falling" | "upright" | "level" | "grid";

// Okabe-Ito without black (it is the ink) and without the pale yellow, which fades on light grounds; a violet instead.
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A6FC8"];
// Chosen for the distance of any two in OKLab, as seen with protanopia, deuteranopia and tritanopia too.
const LIGHT = ["#0A4ABF", "#C48800", "#00876E", "#E04AAE", "#1498FD", "#A32A00", "#640277"];
const DARK = ["#4A9CF5", "#D8BE00", "#0E8672", "#D983AC", "#7FDCFF", "#DD4515", "#9C48C4"];
const HATCHES: Hatch[] = ["plain", "rising", "dots", "crossed", "falling", "upright", "level", "grid"];
const DASHES = ["none", "7 3", "2 2", "9 3 2 3"];

/** How many colours there are; editors that share one differ in hatching, dash and mark. */
export const EDITOR_COLOURS = COLOURS.length;

/** The looks at place `index`; seven colours and eight hatchings or marks give 56 different pairs. */
export const editorStyle = (index: number): EditorStyle => ({
  colour: COLOURS[index % COLOURS.length],
  hatch: HATCHES[index % HATCHES.length],
  line: { light: LIGHT[index % LIGHT.length], dark: DARK[index % DARK.length] },
  dash: DASHES[index % DASHES.length],
  marker: editorMarker(index),
});

/** The place of each editor's looks, in the order given: by name, so that it does not depend on the order in which results are passed. */
export function editorLooks(editors: readonly string[]): number[] {
  const byName = [...editors].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return editors.map((editor) => byName.indexOf(editor));
}
