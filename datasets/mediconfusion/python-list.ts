const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };

/** A list of strings in the notation of Python, such as `['Head and Neck', "Ray's"]`; undefined where the text is none. */
export function pythonList(text: string): string[] | undefined {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const items: string[] = [];
  const item = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/sy;
  while (item.lastIndex < inner.length) {
    if (inner.slice(item.lastIndex).trim() === "") return items;
    const match = item.exec(inner);
    if (!match) return undefined;
    items.push((match[1] ?? match[2]).replace(/\\(.)/gs, (whole, letter: string) => ESCAPES[letter] ?? whole));
  }
  return items;
}
