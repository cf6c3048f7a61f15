import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserFacingError } from "../../errors.ts";

/** Cause: a cell or a local module imports a file that is missing or does not parse. Handled by: the user, in that file. */
export class LocalModuleError extends UserFacingError {}

export const isLocal = (specifier: string) => /^(\.{1,2}(\/|$)|\/|file:)/.test(specifier);

export const isTypeScript = (path: string) => /\.[mc]?tsx?$/.test(path) && !path.endsWith(".d.ts");

/** The file that a relative or absolute specifier means, with the endings that TypeScript allows to leave out. */
export function resolveLocal(specifier: string, folder: string): string {
  const base = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(folder, specifier);
  const asTypeScript = base.replace(/\.([mc]?)js$/, ".$1ts");
  const endings = [".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];
  const found = [base, asTypeScript, ...endings.map((ending) => base + ending)].find(isFile);
  if (found) return found;
  throw new LocalModuleError(`import "${specifier}": no such file in ${folder}. Create it, or correct the path.`);
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
