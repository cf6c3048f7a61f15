/** Style of an exported notebook; light and dark by the reader's setting, readable on paper. */
export const pageStyle = `
:root { color-scheme: light dark; --fg: #1b1f24; --bg: #fff; --soft: #f5f6f8; --line: #d6dae0; --dim: #5b6470;
  --keyword: #8a1fa8; --string: #0a6b2d; --number: #0b5cad; --bad: #a31515; }
@media (prefers-color-scheme: dark) { :root { --fg: #e3e6ea; --bg: #16181c; --soft: #1f2329; --line: #3a414b; --dim: #9aa4b1;
  --keyword: #d49bea; --string: #8fd19e; --number: #8ec1f5; --bad: #f5958c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; color: var(--fg); background: var(--bg);
  font: 16px/1.55 system-ui, sans-serif; }
pre, code { font: 13.5px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--number); }
img, svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: left; }
.cell { margin: 1.1rem 0; }
.code { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; position: relative; }
.count { position: absolute; right: .7rem; top: .4rem; color: var(--dim); font-size: 12px; }
.output { padding: .5rem .9rem; overflow-x: auto; }
.stderr { border-left: 3px solid var(--line); padding-left: .6rem; color: var(--dim); }
.error { border-left: 3px solid var(--bad); padding-left: .6rem; color: var(--bad); }
.medke-output > img, .output > img { background: #fff; border-radius: 4px; }
iframe { width: 100%; border: 0; color-scheme: light dark; }
.comment { color: var(--dim); font-style: italic; } .string { color: var(--string); }
.number { color: var(--number); } .keyword { color: var(--keyword); }
@media print { .code { break-inside: avoid; } }
`;
