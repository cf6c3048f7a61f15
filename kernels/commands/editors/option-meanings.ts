import { dirname, join } from "node:path";
import ts from "typescript";
import { EDITOR_IDS, type EditorId } from "../../editors/index.ts";
import { libraryTypes } from "../../notebook/core/install.ts";

/**
 * What the options of each editor mean: the comments beside their types, each as one paragraph; options without one are left out. Read from
 * the declarations that come with medke, so that there is one place to write them. Takes a second.
 */
export const optionMeanings = (): OptionMeanings => (known ??= readDeclarations());

export type OptionMeanings = ReadonlyMap<EditorId, ReadonlyMap<string, string>>;
let known: OptionMeanings | undefined;

function readDeclarations(): OptionMeanings {
  const declared = libraryTypes.endsWith(".d.ts") ? ".d.ts" : ".ts";
  const file = join(dirname(libraryTypes), "editors", `index${declared}`);
  const compiler: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    lib: ["lib.es5.d.ts"],
    types: [],
    noEmit: true,
  };
  const host = ts.createCompilerHost(compiler);
  // Packages say nothing about an editor's options, and reading their types takes longer than all the rest.
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => {
      if (!text.startsWith(".")) return { resolvedModule: undefined };
      const resolvedFileName = join(dirname(from), text).replace(/\.ts$/, declared);
      const extension = declared === ".ts" ? ts.Extension.Ts : ts.Extension.Dts;
      return { resolvedModule: { resolvedFileName, extension } };
    });
  const program = ts.createProgram([file], compiler, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const list = module && checker.getExportsOfModule(module).find(({ name }) => name === "editors");
  const meaningsOf = (id: EditorId): Map<string, string> => {
    const make = list && checker.getTypeOfSymbol(list).getProperty(id);
    const given = make && checker.getTypeOfSymbol(make).getCallSignatures()[0]?.parameters[0];
    const options = given ? checker.getNonNullableType(checker.getTypeOfSymbol(given)).getProperties() : [];
    const words = (option: ts.Symbol) => ts.displayPartsToString(option.getDocumentationComment(checker));
    return new Map(
      options
        .map((option) => [option.name, words(option).replace(/\s+/g, " ").trim()] as const)
        .filter(([, meaning]) => meaning),
    );
  };
  return new Map(EDITOR_IDS.map((id) => [id, meaningsOf(id)]));
}
