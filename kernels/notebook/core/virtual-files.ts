import { statSync } from "node:fs";
import ts from "typescript";
import { checkOptions } from "./compiler-options.ts";
import { ModuleTypes } from "./module-types.ts";

/** The files that the language service sees: cells held in memory over the real file system. */
export class VirtualFiles {
  readonly #files = new Map<string, { text: string; version: number }>();
  #version = 0;

  set(path: string, text: string): void {
    this.#files.set(path, { text, version: ++this.#version });
  }

  delete(path: string): void {
    this.#files.delete(path);
  }

  paths(): string[] {
    return [...this.#files.keys()];
  }

  /** A host for one language service, with the resolver whose answers it uses. */
  host(folder: string, isCancelled: () => boolean): { host: ts.LanguageServiceHost; modules: ModuleTypes } {
    const fileExists = (path: string) => this.#files.has(path) || ts.sys.fileExists(path);
    const readFile = (path: string) => this.#files.get(path)?.text ?? ts.sys.readFile(path);
    const { directoryExists, getDirectories, readDirectory, realpath } = ts.sys;
    const modules = new ModuleTypes(folder, { fileExists, readFile, directoryExists, getDirectories, realpath });
    const host: ts.LanguageServiceHost = {
      getScriptFileNames: () => this.paths(),
      getScriptVersion: (path) => String(this.#files.get(path)?.version ?? diskVersion(path)),
      getScriptSnapshot: (path) => {
        const text = readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCancellationToken: () => ({ isCancellationRequested: isCancelled }),
      getCompilationSettings: () => checkOptions,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      resolveModuleNameLiterals: (literals, file) => literals.map((literal) => modules.resolve(literal.text, file)),
      fileExists,
      readFile,
      readDirectory,
      directoryExists,
      getDirectories,
      realpath,
    };
    return { host, modules };
  }
}

function diskVersion(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}-${stat.size}` : "gone";
}
