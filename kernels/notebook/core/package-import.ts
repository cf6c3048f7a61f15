import { isBuiltin } from "node:module";
import { join } from "node:path";
import vm from "node:vm";
import { UserFacingError } from "../../errors.ts";
import { besideKernel } from "./install.ts";

/** Cause: a package is neither installed for the notebook nor shipped with the kernel. Handled by: the user, who installs it. */
export class PackageNotFoundError extends UserFacingError {}

export type Namespace = Record<string, unknown>;

/** Imports a builtin, or a package: from the given folder first, then from beside the kernel. */
export async function importPackage(specifier: string, folder: string): Promise<Namespace> {
  if (isBuiltin(specifier) || /^[a-z]{2,}:/.test(specifier)) return (await import(specifier)) as Namespace;
  try {
    return await importerAt(join(folder, "cell.js"))(specifier);
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
  }
  try {
    return await importerAt(besideKernel)(specifier);
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
    const name = packageName(specifier);
    throw new PackageNotFoundError(
      `import "${specifier}": the package "${name}" is not installed. Run "npm install ${name}" in the notebook's folder.`,
      { cause: error },
    );
  }
}

type Importer = (specifier: string) => Promise<Namespace>;
const importers = new Map<string, Importer>();

/**
 * The `import` of a module at that place, for a file that need not exist: Node resolves packages against the name of the script.
 */
function importerAt(file: string): Importer {
  const known = importers.get(file);
  if (known) return known;
  const code = `(specifier) => specifier.endsWith(".json") ? import(specifier, { with: { type: "json" } }) : import(specifier)`;
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const importer = new vm.Script(code, { filename: file, importModuleDynamically }).runInThisContext() as Importer;
  importers.set(file, importer);
  return importer;
}

/** Node warns that this loader option is experimental, on standard error, which a cell would show. */
export function silenceLoaderWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
}

/** Whether this very package was not found, as opposed to one that it imports in turn. */
function isMissing(error: unknown, specifier: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    code === "ERR_MODULE_NOT_FOUND" && (message ?? "").startsWith(`Cannot find package '${packageName(specifier)}' `)
  );
}

const packageName = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
