/**
 * Text in lines of at most `width` characters, broken at spaces; `indent` more spaces stand in front of every line after the first. A longer
 * word (an address, a path) has a line of its own and is never cut.
 */
export function wrapWords(text: string, width: number, indent = 0): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
