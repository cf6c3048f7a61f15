import type { IMimeBundle, IOutput, MultilineString } from "@jupyterlab/nbformat";
import MarkdownIt from "markdown-it";
import { joinLines } from "../ipynb.ts";
import { escapeHtml, jsonForScript } from "./escape.ts";

const OWN_MIME = /^application\/vnd\.medke\.[\w.-]+\+json$/;
// Scripts do not run in such a frame, and it has no origin. "allow-popups" lets its links open.
const SANDBOX = `sandbox="allow-popups"`;

/** Markdown without raw HTML: a notebook comes from somewhere, and its text must not become active. */
export const markdown = new MarkdownIt({ html: false, linkify: true });
// Only pictures that lie in the file itself: the page makes no request.
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index]!;
  const source = String(token.attrGet("src"));
  const alt = escapeHtml(token.content);
  return source.startsWith("data:")
    ? `<img src="${escapeHtml(source)}" alt="${alt}">`
    : `[${alt || "image"}: ${escapeHtml(source)}]`;
};

/** One output as HTML; everything that could be active is escaped, shown as a picture, or locked in a sandbox. */
export function outputHtml(output: IOutput): string {
  if (output.output_type === "stream")
    return `<pre class="${output.name === "stderr" ? "stderr" : "stdout"}">${escapeHtml(joinLines(output.text as MultilineString))}</pre>`;
  if (output.output_type === "error")
    return `<pre class="error" role="alert">${escapeHtml((output.traceback as string[]).join("\n"))}</pre>`;
  if (output.output_type !== "display_data" && output.output_type !== "execute_result") return "";
  const data = output.data as IMimeBundle;
  const own = Object.keys(data).find((mime) => OWN_MIME.test(mime));
  if (!own) return staticHtml(data);
  const script = `<script type="${own}">${jsonForScript(data[own])}</script>`;
  return `<div class="medke-output" data-mime="${own}">${staticHtml(data, "medke-fallback")}${script}</div>`;
}

/** The richest form that needs no script. */
function staticHtml(data: IMimeBundle, pictureClass = ""): string {
  const text = (mime: string) => joinLines((data[mime] ?? "") as MultilineString);
  const alt = escapeHtml(text("text/plain") || "output");
  const picture = (source: string) => `<img class="${pictureClass}" src="${source}" alt="${alt}">`;
  // A picture keeps scripts and outside references of an SVG inactive.
  if (data["image/svg+xml"])
    return picture(`data:image/svg+xml;base64,${Buffer.from(text("image/svg+xml")).toString("base64")}`);
  for (const mime of ["image/png", "image/jpeg", "image/gif", "image/webp"])
    if (data[mime]) return picture(`data:${mime};base64,${text(mime).replace(/[^A-Za-z0-9+/=]/g, "")}`);
  if (data["text/html"]) return htmlFrame(text("text/html"));
  if (data["text/markdown"]) return markdown.render(text("text/markdown"));
  return `<pre>${escapeHtml(plainText(data))}</pre>`;
}

/** What can be read of an output that has no richer form. */
function plainText(data: IMimeBundle): string {
  for (const mime of ["text/plain", "text/latex"])
    if (data[mime] !== undefined) return joinLines(data[mime] as MultilineString);
  if (data["application/json"] !== undefined) return JSON.stringify(data["application/json"], null, 1);
  const types = Object.keys(data).join(", ");
  return types && `[${types}]`;
}

function htmlFrame(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`;
  // A frame without scripts cannot tell its height.
  const height = Math.min(40, 2 + html.split(/<(?:tr|p|div|li|br|h\d)\b/i).length * 1.7);
  const content = escapeHtml(
    `${policy}<style>:root { color-scheme: light dark }</style><body style="font:14px system-ui,sans-serif;margin:8px">${html}`,
  );
  return `<iframe ${SANDBOX} style="height:${height}em" title="HTML output" srcdoc="${content}"></iframe>`;
}
