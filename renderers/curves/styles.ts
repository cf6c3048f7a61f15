import { EDITOR_COLOURS, editorStyle } from "../../kernels/display/editor-style.ts";

/** The class that gives an editor's curve its colour in the theme. */
export const lookClass = (look: number): string => `medke-look-${look % EDITOR_COLOURS}`;

// Rules instead of attributes, so that a change of theme needs no drawing.
const lookRules = Array.from({ length: EDITOR_COLOURS }, (_, look) => {
  const { light, dark } = editorStyle(look).line;
  return `.medke-curves .${lookClass(look)} { --medke-look: ${light}; }
.medke-curves[data-theme$="dark"] .${lookClass(look)} { --medke-look: ${dark}; }`;
}).join("\n");

export const CURVES_STYLES = `
${lookRules}
.medke-curves .medke-legend { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; list-style: none; margin: 10px 0 8px; padding: 0; }
.medke-curves .medke-legend li { display: inline-flex; align-items: center; gap: 7px; margin: 0; }
.medke-curves .medke-legend button { display: inline-flex; align-items: center; gap: 7px; background: none; color: inherit; border-color: transparent; padding: 2px 6px; margin-inline-start: -6px; }
.medke-curves .medke-legend button:hover { border-color: var(--medke-line); }
.medke-curves .medke-legend button[aria-pressed="false"] { text-decoration: line-through; }
.medke-curves .medke-legend button[aria-pressed="false"] svg { opacity: 0.35; }
.medke-curves .medke-swatch { flex: none; overflow: visible; }
.medke-curves .medke-panels { display: flex; flex-wrap: wrap; gap: 14px 24px; border-radius: 2px; }
.medke-curves figure { margin: 0; max-width: 100%; }
.medke-curves figcaption { font-weight: 600; }
.medke-curves .medke-panels svg { display: block; max-width: 100%; height: auto; overflow: visible; font-variant-numeric: tabular-nums; }
.medke-curves .medke-panels text { fill: var(--medke-ink); font-size: 11px; }
.medke-curves .medke-grid { stroke: color-mix(in srgb, var(--medke-ink) 20%, transparent); fill: none; }
.medke-curves .medke-base { stroke: var(--medke-ink); stroke-width: 1.2; stroke-dasharray: 1 3; fill: none; }
.medke-curves .medke-line { stroke: var(--medke-look); stroke-width: 2.2; fill: none; }
.medke-curves .medke-whisker { stroke: var(--medke-look); stroke-width: 1.4; stroke-opacity: 0.6; fill: none; }
.medke-curves[data-theme^="hc"] .medke-whisker { stroke-opacity: 1; }
.medke-curves .medke-plain { stroke: var(--medke-ink); }
.medke-curves .medke-mark { fill: var(--medke-look); stroke: var(--medke-paper); stroke-width: 0.8; }
.medke-curves .medke-curve[hidden] { display: none; }
.medke-curves .medke-aside { opacity: 0.22; }
.medke-curves .medke-pointed { stroke: var(--medke-ink); stroke-width: 2; }
.medke-curves .medke-tip { min-height: 1.4em; margin-top: 6px; }
.medke-curves .medke-notice { margin-top: 8px; }
.medke-curves .medke-tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
.medke-curves .medke-data :is(th, td) { white-space: nowrap; padding-block: 3px; }
`;
