/** What all views share: colours and fonts of the surrounding theme, with fallbacks for a page outside of VS Code. */
const SHARED = `
.medke {
  --medke-ink: var(--vscode-editor-foreground, CanvasText);
  --medke-paper: var(--vscode-editor-background, Canvas);
  --medke-quiet: var(--vscode-descriptionForeground, var(--medke-ink));
  --medke-line: var(--vscode-contrastBorder, color-mix(in srgb, var(--medke-ink) 25%, transparent));
  --medke-focus: var(--vscode-focusBorder, Highlight);
  --medke-pass: #0b5c8f;
  --medke-fail: #a34700;
  color: var(--medke-ink);
  background: var(--medke-paper);
  font-family: var(--vscode-font-family, system-ui, "Segoe UI", "DejaVu Sans", sans-serif);
  font-size: var(--vscode-editor-font-size, 13px);
  line-height: 1.4;
  padding: 12px 14px;
  box-sizing: border-box;
  max-width: 100%;
}
.medke[data-theme="dark"] { --medke-pass: #6cb8f0; --medke-fail: #f0a35e; }
.medke[data-theme="hc-dark"] { --medke-pass: #8cd0ff; --medke-fail: #ffb871; }
.medke[data-theme="hc-light"] { --medke-pass: #00406b; --medke-fail: #7a3300; }
.medke[data-theme^="hc"] { --medke-quiet: var(--medke-ink); --medke-line: var(--vscode-contrastBorder, var(--medke-ink)); }
.medke *, .medke *::before { box-sizing: border-box; }
.medke h2 { font-size: 1.25em; font-weight: 600; line-height: 1.3; margin: 0; border: 0; padding: 0; }
.medke p { margin: 0; }
.medke .medke-quiet { color: var(--medke-quiet); }
.medke .medke-notice { font-style: italic; }
.medke .medke-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.medke button {
  font: inherit; cursor: pointer; border-radius: 3px; padding: 2px 10px;
  color: var(--vscode-button-secondaryForeground, ButtonText);
  background: var(--vscode-button-secondaryBackground, ButtonFace);
  border: 1px solid var(--vscode-button-border, var(--medke-line));
}
.medke button:hover { background: var(--vscode-button-secondaryHoverBackground, ButtonFace); }
.medke :focus-visible { outline: 2px solid var(--medke-focus); outline-offset: 2px; }
.medke summary { cursor: pointer; width: fit-content; }
.medke table { border-collapse: collapse; font-size: inherit; color: inherit; margin: 0; }
.medke th, .medke td { text-align: start; vertical-align: top; padding: 6px 14px 6px 0; border: 0; border-bottom: 1px solid var(--medke-line); background: none; }
.medke thead th { font-weight: 600; color: var(--medke-quiet); white-space: nowrap; }
.medke tbody th { font-weight: inherit; }
.medke .medke-scroll { overflow-x: auto; }
.medke .medke-number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.medke-message { border-left: 3px solid var(--medke-fail); }
`;

/**
 * Applies the shared rules and `css` to the document (or shadow root) that holds `element`; call the result to take them away.
 * Constructed sheets need no permission from a content policy, unlike style elements.
 */
export function adoptStyles(element: Element, css: string): () => void {
  const root = element.getRootNode() as Document | ShadowRoot;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHARED + css);
  root.adoptedStyleSheets.push(sheet);
  return () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
  };
}
