export const EDIT_DIFF_STYLES = `
.medke-edit-diff { container-type: inline-size; }
.medke-edit-diff .medke-head { display: flex; gap: 22px; align-items: flex-start; margin-bottom: 14px; }
.medke-edit-diff figure { margin: 0; }
.medke-edit-diff img { display: block; max-width: 100%; height: auto; border: 1px solid var(--medke-line); }
.medke-edit-diff .medke-subject { flex: 0 1 300px; min-width: 140px; }
.medke-edit-diff .medke-subject img { width: auto; max-height: 300px; }
.medke-edit-diff .medke-facts { flex: 1 1 300px; display: grid; gap: 8px; }
.medke-edit-diff .medke-swap { font-size: 1.25em; font-weight: 600; color: var(--medke-pass); }
.medke-edit-diff dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; }
.medke-edit-diff dt { color: var(--medke-quiet); }
.medke-edit-diff dd { margin: 0; overflow-wrap: anywhere; }
.medke-edit-diff table { width: 100%; }
.medke-edit-diff td { overflow-wrap: break-word; }
.medke-edit-diff .medke-kind { min-width: 9em; }
.medke-edit-diff .medke-answer { min-width: 6.5em; }
.medke-edit-diff .medke-question { min-width: 14em; }
.medke-edit-diff .medke-question > span { display: block; }
.medke-edit-diff .medke-thumb { padding: 2px; margin-top: 6px; background: none; }
.medke-edit-diff .medke-thumb img { width: auto; max-height: 72px; max-width: 120px; border: 0; }
.medke-edit-diff .medke-large img { max-height: 512px; width: auto; }
.medke-edit-diff .medke-verdict { display: inline-flex; gap: 6px; align-items: center; font-weight: 600; white-space: nowrap; }
.medke-edit-diff .medke-verdict svg { flex: none; }
.medke-edit-diff .medke-pass { color: var(--medke-pass); }
.medke-edit-diff .medke-fail { color: var(--medke-fail); }
.medke-edit-diff .medke-tick { stroke: var(--medke-paper); }
.medke-edit-diff .medke-axis { stroke: var(--medke-ink); }
.medke-edit-diff .medke-changed { text-decoration: underline; text-underline-offset: 3px; }
.medke-edit-diff .medke-tag { display: block; font-size: 0.85em; color: var(--medke-quiet); white-space: nowrap; }
.medke-edit-diff .medke-change { white-space: nowrap; font-variant-numeric: tabular-nums; padding-inline-end: 0; }
.medke-edit-diff .medke-gain { display: flex; gap: 10px; align-items: center; }
.medke-edit-diff .medke-gain b { min-width: 3.4em; text-align: end; }
.medke-edit-diff .medke-range { display: block; font-size: 0.9em; }
@container (max-width: 620px) {
  .medke-edit-diff .medke-head { display: grid; }
}
`;
