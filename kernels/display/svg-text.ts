/** Text as the content or a quoted attribute of an SVG element. Control characters have no place in XML and are dropped. */
export const escapeXml = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/**
 * Breaks text into lines of at most `limit` characters at spaces; a longer word is cut, at a hyphen if it has one. SVG does not wrap text, and no font is
 * measured here, so callers derive `limit` from the width and an average glyph. At least one line, possibly empty.
 */
export function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(/\s+/).filter(Boolean)) {
    while (word.length > limit) {
      if (line) lines.push(line);
      line = "";
      const hyphen = word.lastIndexOf("-", limit - 1) + 1;
      const cut = hyphen > 0 ? hyphen : limit;
      lines.push(word.slice(0, cut));
      word = word.slice(cut);
    }
    if (line && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else line = line && word ? `${line} ${word}` : line || word;
  }
  return line || !lines.length ? [...lines, line] : lines;
}
