import { join } from "node:path";
import ts from "typescript";
import { ambientDeclarations } from "./ambient.ts";
import { CellScope } from "./cell-scope.ts";
import { emitOptions } from "./compiler-options.ts";
import * as declarations from "./declarations.ts";
import { mattersInCell, toCellDiagnostic, type CellDiagnostic } from "./diagnostics.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { VirtualFiles } from "./virtual-files.ts";

export interface CheckedCell {
  diagnostics: CellDiagnostic[];
  /** Start positions of imported names that are types only and must not be looked up at run time. */
  typeOnlyImports: ReadonlySet<number>;
}

const CANNOT_FIND_NAME = 2304;

/**
 * Types across cells. Each checked cell becomes a module in memory that exports its top-level names; a later cell that mentions one of
 * them gets it through declarations behind its own code. Nothing is written to the notebook's folder.
 */
export class CellTypes {
  readonly #files = new VirtualFiles();
  readonly #scope = new CellScope();
  readonly #service: ts.LanguageService;
  readonly #refreshModules: () => void;
  readonly #draft: string;
  readonly #folder: string;
  /** For each cell module, the modules whose names it uses. */
  readonly #uses = new Map<string, Set<string>>();
  readonly #augmenting = new Map<string, string>();
  #count = 0;
  #checking = false;

  /** `isCancelled` stops a check of large types early. */
  constructor(folder: string, isCancelled: () => boolean = () => false) {
    this.#folder = folder;
    this.#draft = join(folder, "__medke_draft.ts");
    this.#files.set(join(folder, "__medke_globals.d.ts"), ambientDeclarations);
    const { host, modules } = this.#files.host(folder, () => this.#checking && isCancelled());
    this.#refreshModules = () => modules.refresh();
    this.#service = ts.createLanguageService(host, ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, folder));
  }

  /**
   * Checks a cell. Without errors its names become visible to later cells at once: a cell that then throws halfway has declared them.
   */
  check(code: string, label: string): CheckedCell {
    const syntax =
      ts.transpileModule(code, { compilerOptions: emitOptions, reportDiagnostics: true }).diagnostics ?? [];
    if (syntax.length) return { diagnostics: syntax.map((d) => toCellDiagnostic(d, code)), typeOnlyImports: new Set() };

    const file = join(this.#folder, `__medke_cell_${++this.#count}.ts`);
    const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
    const declared = declarations.topLevelDeclarations(source.statements);
    const known = this.#scope.names();
    const used = [...declarations.mentionedNames(source)].filter((name) => known.has(name));
    this.#refreshModules();
    this.#files.set(file, this.#asModule(code, source, declared, used));
    let errors = this.#errorsOf(file, code.length);
    if (errors.some((error) => error.code === CANNOT_FIND_NAME)) {
      // With all names in view the checker can suggest a near one.
      this.#files.set(file, this.#asModule(code, source, declared, known));
      errors = this.#errorsOf(file, code.length);
    }
    if (errors.length) {
      this.#files.delete(file);
      return { diagnostics: errors.map((d) => toCellDiagnostic(d, code)), typeOnlyImports: new Set() };
    }
    const typeOnlyImports = this.#typeOnlyImports(file);
    this.#uses.set(file, this.#scope.owners(used));
    if (declarations.augmentsGlobals(source)) this.#augmenting.set(label, file);
    this.#scope.declare(file, declared);
    this.#dropUnreachable();
    return { diagnostics: [], typeOnlyImports };
  }

  /** Loads the standard types, which takes about a second, so that the first cell need not wait for it. */
  warmUp(): void {
    this.#setDraft("");
    this.#service.getSemanticDiagnostics(this.#draft);
  }

  completions(code: string, offset: number): ts.CompletionEntry[] {
    this.#setDraft(code);
    const found = this.#service.getCompletionsAtPosition(this.#draft, offset, {
      includeCompletionsForModuleExports: false,
    });
    return (found?.entries ?? []).filter((entry) => !entry.name.includes("__medke_"));
  }

  hover(code: string, offset: number): ts.QuickInfo | undefined {
    this.#setDraft(code);
    return this.#service.getQuickInfoAtPosition(this.#draft, offset);
  }

  #setDraft(code: string): void {
    const source = ts.createSourceFile(this.#draft, code, ts.ScriptTarget.Latest, true);
    this.#refreshModules();
    this.#files.set(
      this.#draft,
      this.#asModule(code, source, declarations.topLevelDeclarations(source.statements), this.#scope.names()),
    );
  }

  #asModule(
    code: string,
    source: ts.SourceFile,
    declared: Map<string, declarations.DeclarationKind>,
    used: Iterable<string>,
  ): string {
    const exported = declarations.exportedNames(source);
    const names = [...declared.keys()].filter((name) => !exported.has(name));
    return `${code}\n;export { ${names.join(", ")} };\n${this.#scope.declarationsOf(used, declared)}`;
  }

  #errorsOf(file: string, end: number): ts.Diagnostic[] {
    this.#checking = true;
    try {
      const found = this.#service.getSemanticDiagnostics(file);
      return found.filter((d) => mattersInCell(d) && d.start !== undefined && d.start < end);
    } catch (error) {
      this.#files.delete(file);
      throw error instanceof ts.OperationCanceledException ? new InterruptedError() : error;
    } finally {
      this.#checking = false;
    }
  }

  #typeOnlyImports(file: string): Set<number> {
    const program = this.#service.getProgram()!;
    const checker = program.getTypeChecker();
    const isTypeOnly = (name: ts.Identifier) => {
      const symbol = checker.getSymbolAtLocation(name);
      return (
        symbol &&
        symbol.flags & ts.SymbolFlags.Alias &&
        !(checker.getAliasedSymbol(symbol).flags & ts.SymbolFlags.Value)
      );
    };
    const imports = program.getSourceFile(file)!.statements.filter(ts.isImportDeclaration);
    return new Set(
      imports
        .flatMap(declarations.importedNames)
        .filter(isTypeOnly)
        .map((name) => name.getStart()),
    );
  }

  /** Modules of cells whose names were all redeclared, and that no living module uses, would otherwise pile up with every re-run. */
  #dropUnreachable(): void {
    const alive = new Set<string>();
    const visit = (file: string): void => {
      if (alive.has(file)) return;
      alive.add(file);
      this.#uses.get(file)?.forEach(visit);
    };
    [...this.#scope.files(), ...this.#augmenting.values()].forEach(visit);
    for (const file of [...this.#uses.keys()].filter((file) => !alive.has(file))) {
      this.#uses.delete(file);
      this.#files.delete(file);
    }
  }
}
