import { escapeHtml } from "./escape.ts";

const TOKENS = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\`(?:\\.|[^\`\\])*\`)`,
    String.raw`(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?n?\b)`,
    String.raw`(?<keyword>\b(?:as|async|await|break|case|catch|class|const|continue|default|do|else|enum|export|extends|false|finally|for|from|function|if|implements|import|in|instanceof|interface|let|new|null|of|return|satisfies|static|switch|this|throw|true|try|type|typeof|undefined|using|var|void|while|yield)\b)`,
  ].join("|"),
  "g",
);

/** TypeScript as HTML with comments, strings, numbers and keywords marked: light reading help, not a parser. */
export function highlight(code: string): string {
  let html = "";
  let end = 0;
  for (const match of code.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups!).find(([, text]) => text !== undefined)![0];
    html += escapeHtml(code.slice(end, match.index)) + `<span class="${kind}">${escapeHtml(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(code.slice(end));
}
