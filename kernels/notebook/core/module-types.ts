import { isBuiltin } from "node:module";
import ts from "typescript";
import { checkOptions } from "./compiler-options.ts";
import { besideKernel, libraryTypes } from "./install.ts";

/**
 * Finds the types of an import in the same order in which core/cell-imports.ts finds the code: "medke" is the library beside the kernel,
 * other packages come from the notebook's folder and then from beside the kernel.
 */
export class ModuleTypes {
  #cache: ts.ModuleResolutionCache | undefined;
  readonly #host: ts.ModuleResolutionHost;
  readonly #folder: string;

  constructor(folder: string, host: ts.ModuleResolutionHost) {
    this.#folder = folder;
    this.#host = host;
  }

  /** Forgets earlier answers, so that files and packages that appeared meanwhile are found. */
  refresh(): void {
    this.#cache = undefined;
  }

  resolve(specifier: string, containingFile: string): ts.ResolvedModuleWithFailedLookupLocations {
    if (specifier === "medke" && this.#host.fileExists(libraryTypes)) return { resolvedModule: libraryModule };
    this.#cache ??= ts.createModuleResolutionCache(this.#folder, (name) => name, checkOptions);
    const from = (file: string) => ts.resolveModuleName(specifier, file, checkOptions, this.#host, this.#cache);
    const found = from(containingFile);
    const isBare = !/^(\.{0,2}\/|[a-z]+:)/i.test(specifier) && !isBuiltin(specifier);
    if (found.resolvedModule || !isBare) return found;
    const beside = from(besideKernel);
    return beside.resolvedModule ? beside : found;
  }
}

const libraryModule: ts.ResolvedModuleFull = {
  resolvedFileName: libraryTypes,
  extension: libraryTypes.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts,
};
