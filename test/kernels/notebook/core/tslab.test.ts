import { expect } from "chai";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import ts from "typescript";
import { ambientDeclarations } from "../../../../kernels/notebook/core/ambient.ts";
import { tslabModule } from "../../../../kernels/notebook/core/tslab.ts";

const require = createRequire(import.meta.url);

/** Errors of a program over files in memory. */
function compile(files: Record<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
    skipLibCheck: false,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    files[name] === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, files[name], ts.ScriptTarget.ES2022);
  host.fileExists = (name) => files[name] !== undefined || fileExists(name);
  host.readFile = (name) => files[name] ?? readFile(name);
  const program = ts.createProgram(Object.keys(files), options, host);
  return ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
}

describe("tslab's display module", () => {
  // tslab's own declarations, less the reference to node types that they do not need.
  const theirs = readFileSync(require.resolve("tslab").replace(/\.js$/, ".d.ts"), "utf8").replace(/^\/\/\/.*$/gm, "");
  const compare = (ambient: string) =>
    compile({
      "/ambient.d.ts": ambient,
      "/theirs.d.ts": theirs,
      "/compare.ts": `
        import type * as theirs from "./theirs";
        import type * as ours from "tslab";
        type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
        export const display: Same<keyof theirs.Display, keyof ours.Display> = true;
        export const theirsFits = (value: typeof theirs): typeof ours => value;
        export const oursFits = (value: typeof ours): typeof theirs => value;`,
    });

  it("has exactly the types that tslab itself declares", () => {
    expect(compare(ambientDeclarations)).to.deep.equal([]);
  });

  it("would not compile with a function missing or changed", () => {
    expect(compare(ambientDeclarations.replace("png(b: Uint8Array): void;", ""))).to.not.deep.equal([]);
    expect(compare(ambientDeclarations.replace("png(b: Uint8Array)", "png(b: number)"))).to.not.deep.equal([]);
  });

  it("has at run time what its types promise", () => {
    const module = tslabModule(() => {});
    const functions = ["javascript", "html", "markdown", "latex", "svg", "png", "jpeg", "gif", "pdf", "text", "raw"];
    expect(Object.keys(module).sort()).to.deep.equal(["display", "newDisplay", "versions"]);
    expect(Object.keys(module.display)).to.deep.equal(functions);
    expect(Object.keys(module.newDisplay())).to.deep.equal(functions);
  });
});
