import { SourceMap } from "node:module";

interface Script {
  /** What the user calls it: "Cell 3", or a file name. */
  label: string;
  map: SourceMap;
}

/** How many cells, and how many local modules, are kept: a source map for every cell ever run would fill the memory slowly. */
export const KEPT_SCRIPTS = 500;

// Two maps, so that a module that is imported once outlives any number of cells.
const scripts = { cell: new Map<string, Script>(), module: new Map<string, Script>() };

/** Registers a script that runs under `url`, so that positions in it can be told in the user's own TypeScript. */
export function registerScript(kind: keyof typeof scripts, url: string, label: string, map: string): void {
  const kept = scripts[kind];
  kept.set(url, { label, map: new SourceMap(JSON.parse(map)) });
  if (kept.size > KEPT_SCRIPTS) kept.delete(kept.keys().next().value!);
}

/** "Cell 3, line 2, column 5" for a position in a registered script (counted from 1), or undefined for other and for forgotten scripts. */
export function userPosition(url: string, line: number, column: number): string | undefined {
  const script = scripts.cell.get(url) ?? scripts.module.get(url);
  if (!script) return undefined;
  const entry = script.map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry)) return script.label;
  return `${script.label}, line ${entry.originalLine + 1}, column ${entry.originalColumn + 1}`;
}
