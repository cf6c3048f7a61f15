import ts from "typescript";

/** An error that stops a cell before it runs. Lines and columns count from 1. */
export interface CellDiagnostic {
  line: number;
  column: number;
  message: string;
  code: number;
}

/** "Cell 3, line 2, column 5: Property 'b' does not exist … (TS2339)", one line per error. */
export function formatDiagnostics(label: string, diagnostics: readonly CellDiagnostic[]): string {
  return diagnostics.map((d) => `${label}, line ${d.line}, column ${d.column}: ${d.message} (TS${d.code})`).join("\n");
}

// Rules that make sense for a module but not for a cell, which is re-run and followed by others.
const IGNORED = new Set([
  1184, // modifiers cannot appear here
  2309, // an export assignment beside other exports
  2528, // a module cannot have several default exports
]);

/** Whether the error matters in a cell. Implicit `any` (TS7xxx) is allowed: quick helpers and packages without types are normal there. */
export function mattersInCell(diagnostic: ts.Diagnostic): boolean {
  const { code } = diagnostic;
  return diagnostic.category === ts.DiagnosticCategory.Error && !IGNORED.has(code) && !(code >= 7000 && code < 8000);
}

/** A diagnostic with its position in `code`; what lies behind the end of the code is reported at its end. */
export function toCellDiagnostic(diagnostic: ts.Diagnostic, code: string): CellDiagnostic {
  const before = code.slice(0, Math.min(diagnostic.start ?? 0, code.length)).split("\n");
  return {
    line: before.length,
    column: before.at(-1)!.length + 1,
    message: advise(diagnostic.code, ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")),
    code: diagnostic.code,
  };
}

function advise(code: number, message: string): string {
  if (code === 2584) return message.replace(/ Do you need to change.*$/s, " Cells run in Node.js, which has no DOM.");
  const bare = code === 2307 && /'((?:@[^/']+\/)?[^./'@][^/']*)[^']*'/.exec(message)?.[1];
  return bare ? `${message} To use this package, run "npm install ${bare}" in the notebook's folder.` : message;
}
