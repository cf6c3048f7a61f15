/** How an editor's bars look. Colour is never the only difference: every index also has its own hatching. */
export interface EditorStyle {
  colour: string;
  hatch: Hatch;
}

export type Hatch = "plain" | "rising" | "dots" | "crossed" | "falling" | "upright" | "level";

// Okabe-Ito without black (it is the ink) and without the pale yellow, which fades on light grounds.
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];
const HATCHES: Hatch[] = ["plain", "rising", "dots", "crossed", "falling", "upright", "level"];

/** Style of the editor at `index` in the plot's order; six colours and seven hatchings give 42 different pairs. */
export const editorStyle = (index: number): EditorStyle => ({
  colour: COLOURS[index % COLOURS.length],
  hatch: HATCHES[index % HATCHES.length],
});
