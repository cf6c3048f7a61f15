export const METRICS_STYLES = `
.medke-metrics .medke-legend { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; list-style: none; margin: 10px 0 4px; padding: 0; }
.medke-metrics .medke-legend li { display: inline-flex; align-items: center; gap: 7px; margin: 0; }
.medke-metrics .medke-legend button { display: inline-flex; align-items: center; gap: 7px; background: none; color: inherit; border-color: transparent; padding: 2px 6px; margin-inline-start: -6px; }
.medke-metrics .medke-legend button:hover { border-color: var(--medke-line); }
.medke-metrics .medke-legend button[aria-pressed="false"] { text-decoration: line-through; }
.medke-metrics .medke-legend button[aria-pressed="false"] svg { opacity: 0.35; }
.medke-metrics .medke-swatch { flex: none; overflow: hidden; }
.medke-metrics .medke-plot { min-height: 120px; overflow: hidden; border-radius: 2px; }
.medke-metrics .medke-tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
.medke-metrics .medke-notice { margin-top: 8px; }
.medke-metrics .medke-data { margin-top: 6px; }
.medke-metrics .medke-data :is(th, td) { white-space: nowrap; padding-block: 3px; }
`;
