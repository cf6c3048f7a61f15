import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isKernelFile } from "./install.ts";
import { userPosition } from "./script-positions.ts";

/**
 * Makes `error.stack` tell positions in cells and local modules as the user wrote them, without frames of Node.js and of the kernel.
 * Installed through V8's hook, so that it also holds for stacks that a cell prints itself.
 */
export function installStackTraces(folder: string): void {
  Error.stackTraceLimit = 30; // internal frames are counted before they are removed
  Error.prepareStackTrace = (error, sites) =>
    [headline(error), ...sites.flatMap((site) => frame(site, folder) ?? [])].join("\n    at ");
}

function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function frame(site: NodeJS.CallSite, folder: string): string | undefined {
  const script = site.getScriptNameOrSourceURL() ?? "";
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  const position = userPosition(script, line, column) ?? foreignPosition(script, line, column, folder);
  if (position === undefined) return undefined;
  const name = site.getFunctionName();
  const prefix = site.isAsync() ? "async " : site.isConstructor() ? "new " : "";
  return name ? `${prefix}${name} (${position})` : `${prefix}${position}`;
}

function foreignPosition(script: string, line: number, column: number, folder: string): string | undefined {
  if (script === "" || script.startsWith("node:") || isKernelFile(script)) return undefined;
  const path = script.startsWith("file:") ? fileURLToPath(script) : script;
  const near = relative(folder, path);
  return `${near.startsWith("..") ? path : near}:${line}:${column}`;
}

/** The frames of a stack text that lie in cells and local modules. */
export function userFrames(stack: string): string[] {
  return stack.split("\n").filter((line) => /^ {4}at .*, line \d+, column \d+\)?$/.test(line));
}
