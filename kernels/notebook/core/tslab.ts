import ts from "typescript";
import type { MimeBundle } from "../../display/mime.ts";
import { medkeVersion } from "../../evaluation/medke-version.ts";

type Show = (data: MimeBundle, displayId?: string) => void;

/** The display part of tslab's module, drawn by this kernel; its types are in core/ambient.ts. */
export function tslabModule(show: Show) {
  let count = 0;
  return {
    versions: { tslab: `medke ${medkeVersion}`, typescript: ts.version, node: process.version },
    display: tslabDisplay((data) => show(data)),
    newDisplay: () => {
      const id = `tslab-${++count}`;
      return tslabDisplay((data) => show(data, id));
    },
  };
}

function tslabDisplay(show: (data: MimeBundle) => void) {
  const raw = (contentType: string, content: string | Uint8Array): void =>
    show({ [contentType]: typeof content === "string" ? content : Buffer.from(content).toString("base64") });
  return {
    javascript: (s: string) => raw("text/javascript", s),
    html: (s: string) => raw("text/html", s),
    markdown: (s: string) => raw("text/markdown", s),
    latex: (s: string) => raw("text/latex", s),
    svg: (s: string) => raw("image/svg+xml", s),
    png: (b: Uint8Array) => raw("image/png", b),
    jpeg: (b: Uint8Array) => raw("image/jpeg", b),
    gif: (b: Uint8Array) => raw("image/gif", b),
    pdf: (b: Uint8Array) => raw("application/pdf", b),
    text: (s: string) => raw("text/plain", s),
    raw,
  };
}
