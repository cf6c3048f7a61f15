import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { libraryEntry } from "./install.ts";
import { isLocal, isTypeScript, LocalModuleError, resolveLocal } from "./local-files.ts";
import { LocalModules } from "./local-modules.ts";
import { importPackage, type Namespace } from "./package-import.ts";

/** What `import` means in a cell and in the local modules that it imports. */
export class CellImports {
  readonly #folder: string;
  readonly #provided: Record<string, Namespace>;
  readonly #localModules: LocalModules;

  /** `provided` are modules that the kernel itself stands for, such as "tslab". */
  constructor(folder: string, provided: Record<string, Namespace>, currentRun: () => number) {
    this.#folder = folder;
    this.#provided = provided;
    this.#localModules = new LocalModules(folder, (specifier, from) => this.#import(specifier, from), currentRun);
  }

  /** `from` is the importing file; undefined means a cell. */
  import = (from: string | undefined, specifier: unknown): Promise<Namespace> =>
    this.#import(String(specifier), from === undefined ? this.#folder : dirname(from));

  async #import(specifier: string, folder: string): Promise<Namespace> {
    if (specifier === "medke") return (await import(libraryEntry)) as Namespace;
    const provided = this.#provided[specifier];
    if (provided) return provided;
    if (!isLocal(specifier)) return importPackage(specifier, folder);
    const path = resolveLocal(specifier, folder);
    if (isTypeScript(path)) return this.#localModules.import(path);
    if (path.endsWith(".json")) return readJson(path, specifier);
    // The time of the last change makes Node load an edited file again.
    return (await import(`${pathToFileURL(path).href}?changed=${statSync(path).mtimeMs}`)) as Namespace;
  }
}

function readJson(path: string, specifier: string): Namespace {
  try {
    const data: unknown = JSON.parse(readFileSync(path, "utf8"));
    const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
    return { ...(isObject ? data : {}), default: data };
  } catch (cause) {
    throw new LocalModuleError(`import "${specifier}": ${(cause as Error).message}. Correct the JSON in that file.`, {
      cause,
    });
  }
}
