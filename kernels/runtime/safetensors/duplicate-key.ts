const [QUOTE, BACKSLASH, COLON] = [34, 92, 58];

/**
 * The first name that occurs twice in one object of a valid JSON text. JSON.parse keeps the last of the two without a word, other readers
 * the first, so that one file would hold two different things.
 */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (char === 0x7b) open.push(new Set());
    else if (char === 0x5b) open.push(undefined);
    else if (char === 0x7d || char === 0x5d) open.pop();
    else if (char === QUOTE) {
      const from = at++;
      while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
      const names = open.at(-1);
      if (!names || !colonFollows(json, at + 1)) continue;
      // Escapes are read, because "\u0061" and "a" are one name.
      const text = json.slice(from, at + 1);
      const name = text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

function colonFollows(json: string, at: number): boolean {
  while (json.charCodeAt(at) <= 32) at++;
  return json.charCodeAt(at) === COLON;
}
