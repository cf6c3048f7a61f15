import { SourceMap } from "node:module";

interface Script {
  /** What the user calls it: "Cell 3", or a file name. */
  label: string;
  map: SourceMap;
}

const scripts = new Map<string, Script>();

/** Registers a script that runs under `url`, so that positions in it can be told in the user's own TypeScript. */
export function registerScript(url: string, label: string, map: string): void {
  scripts.set(url, { label, map: new SourceMap(JSON.parse(map)) });
}

/** "Cell 3, line 2, column 5" for a position in a registered script (counted from 1), or undefined for other scripts. */
export function userPosition(url: string, line: number, column: number): string | undefined {
  const script = scripts.get(url);
  if (!script) return undefined;
  const entry = script.map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry)) return script.label;
  return `${script.label}, line ${entry.originalLine + 1}, column ${entry.originalColumn + 1}`;
}
