import ts from "typescript";
import { emitOptions } from "./compiler-options.ts";
import { formatDiagnostics, toCellDiagnostic } from "./diagnostics.ts";
import { LocalModuleError } from "./local-files.ts";
import { guardLoops } from "./transforms/guard-loops.ts";
import { replaceSpecifiers, restoreMeta } from "./transforms/prepare-module.ts";
import { rewriteDynamicImports } from "./transforms/rewrite-imports.ts";
import { withoutMapComment } from "./transpile.ts";

export interface TranspiledModule {
  /** JavaScript in which `placeholder(i)` stands for the i-th specifier. */
  js: string;
  map: string;
  specifiers: string[];
}

export const placeholder = (index: number) => `medke-specifier:${index};`;

/**
 * Removes the types of a local module, guards its loops and collects what it imports.
 *
 * Throws: LocalModuleError with line and column for a syntax error.
 */
export function transpileLocalModule(path: string, label: string, text: string): TranspiledModule {
  const specifiers: string[] = [];
  const collect = (specifier: string) => placeholder(specifiers.push(specifier) - 1);
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: emitOptions,
    transformers: {
      before: [guardLoops(undefined), rewriteDynamicImports(path), restoreMeta(path)],
      after: [replaceSpecifiers(collect)],
    },
  });
  if (diagnostics?.length)
    throw new LocalModuleError(
      formatDiagnostics(
        label,
        diagnostics.map((d) => toCellDiagnostic(d, text)),
      ),
    );
  return { js: withoutMapComment(outputText), map: sourceMapText!, specifiers };
}
