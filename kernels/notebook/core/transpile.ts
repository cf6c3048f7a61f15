import ts from "typescript";
import { emitOptions } from "./compiler-options.ts";
import { allowRedeclaration } from "./transforms/allow-redeclaration.ts";
import { awaitLastExpression, lastExpression } from "./transforms/await-last-expression.ts";
import { dropExports } from "./transforms/drop-exports.ts";
import { guardLoops } from "./transforms/guard-loops.ts";
import { rewriteCellImports, rewriteDynamicImports } from "./transforms/rewrite-imports.ts";

export interface TranspiledCell {
  js: string;
  /** Source map of `js`, as JSON. */
  map: string;
  /** Whether the cell ends with an expression, so that its completion value is a result. */
  hasResult: boolean;
}

/** Turns a checked cell into a script for V8's REPL mode. `slot` names its run for the interrupt flag. */
export function transpileCell(code: string, slot: number, typeOnlyImports: ReadonlySet<number>): TranspiledCell {
  let hasResult = false;
  const noteResult: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
    hasResult = lastExpression(file.statements) !== undefined;
    return file;
  };
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    fileName: "cell.ts",
    compilerOptions: emitOptions,
    transformers: {
      before: [
        rewriteCellImports(typeOnlyImports),
        dropExports,
        noteResult,
        awaitLastExpression,
        guardLoops(slot),
        rewriteDynamicImports(undefined),
      ],
      after: [allowRedeclaration],
    },
  });
  return { js: withoutMapComment(outputText), map: sourceMapText!, hasResult };
}

export const withoutMapComment = (js: string) => js.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
