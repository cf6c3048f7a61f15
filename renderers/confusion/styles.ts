export const CONFUSION_STYLES = `
.medke-confusion .medke-legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 10px 0 8px; padding: 0; }
.medke-confusion .medke-legend li { display: inline-flex; align-items: center; gap: 7px; margin: 0; }
.medke-confusion .medke-swatch { flex: none; overflow: hidden; }
.medke-confusion .medke-panels { display: flex; flex-wrap: wrap; gap: 16px 28px; border-radius: 2px; }
.medke-confusion figure { margin: 0; }
.medke-confusion figcaption { font-weight: 600; }
.medke-confusion .medke-panels svg { display: block; max-width: 100%; height: auto; overflow: visible; font-variant-numeric: tabular-nums; }
.medke-confusion .medke-panels text { fill: var(--medke-ink); font-size: 12px; }
.medke-confusion .medke-grid { stroke: var(--medke-line); }
.medke-confusion .medke-bar { stroke: var(--medke-ink); }
.medke-confusion .medke-halo { stroke: var(--medke-paper); stroke-width: 4.5; fill: none; }
.medke-confusion .medke-stroke { stroke: var(--medke-ink); stroke-width: 1.5; fill: none; }
.medke-confusion .medke-rule-halo { stroke: var(--medke-paper); stroke-width: 4; stroke-dasharray: 5 3; fill: none; }
.medke-confusion .medke-rule { stroke: var(--medke-ink); stroke-width: 1.5; stroke-dasharray: 5 3; fill: none; }
.medke-confusion .medke-pointed .medke-bar { stroke-width: 3; }
.medke-confusion .medke-hit { fill: transparent; }
.medke-confusion .medke-tip { min-height: 1.4em; margin-top: 6px; }
.medke-confusion .medke-tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
.medke-confusion .medke-data :is(th, td) { white-space: nowrap; padding-block: 3px; }
`;
