import type { ICell, INotebookContent } from "@jupyterlab/nbformat";
import { isCodeCell, joinLines } from "../ipynb.ts";
import { codeForScript, escapeHtml } from "./escape.ts";
import { highlight } from "./highlight.ts";
import { markdown, outputHtml } from "./output-html.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";

// The policy is part of the promise that the page loads nothing: only what lies inside the file may be shown or run.
const POLICY =
  "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; frame-src 'self'";

/**
 * A notebook as one HTML page without network references. Own MIME types carry their data beside a static picture, which the page
 * script replaces by the interactive view.
 */
export function notebookPage(notebook: INotebookContent, title: string, script = pageScript()): string {
  const body = notebook.cells.map(cellHtml).join("\n");
  const needsScript = script !== undefined && body.includes('class="medke-output"');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${body}
</main>
${needsScript ? `<script>${codeForScript(script)}</script>\n` : ""}</body>
</html>
`;
}

function cellHtml(cell: ICell): string {
  const source = joinLines(cell.source);
  if (cell.cell_type === "markdown") return `<section class="cell text">${markdown.render(source)}</section>`;
  if (!isCodeCell(cell)) return `<section class="cell"><pre>${escapeHtml(source)}</pre></section>`;
  const number = Number(cell.execution_count); // the file may hold anything
  const count = number ? `<span class="count" aria-label="execution count">[${number}]</span>` : "";
  const outputs = cell.outputs.map((output) => `<div class="output">${outputHtml(output)}</div>`).join("\n");
  return `<section class="cell">${source.trim() ? `<div class="code">${count}<pre><code>${highlight(source)}</code></pre></div>` : ""}\n${outputs}</section>`;
}
