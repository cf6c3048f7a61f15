import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InterruptedError } from "./interrupted-error.ts";
import { names } from "./runtime-names.ts";

interface Runtime {
  folder: string;
  import: (from: string | undefined, specifier: unknown) => Promise<unknown>;
  flags: Int32Array;
  display: (value: unknown, options?: { id?: string }) => Promise<void>;
}

/** Defines what transpiled cells refer to, and what Node offers to a script: `require`, `__dirname`, `__filename`. */
export function defineRuntimeGlobals(runtime: Runtime): void {
  const file = join(runtime.folder, "cell.ts");
  const url = pathToFileURL(file).href;
  const require = createRequire(file);
  const meta = {
    url,
    filename: file,
    dirname: runtime.folder,
    resolve: (specifier: string) =>
      /^\.{0,2}\//.test(specifier) ? new URL(specifier, url).href : pathToFileURL(require.resolve(specifier)).href,
  };
  const interrupted = () => {
    throw new InterruptedError();
  };
  define(names.import, runtime.import, false);
  define(names.meta, meta, false);
  define(names.flags, runtime.flags, false);
  define(names.interrupted, interrupted, false);
  define("display", runtime.display, true);
  define("require", require, true);
  define("__dirname", runtime.folder, true);
  define("__filename", file, true);
}

const define = (name: string, value: unknown, enumerable: boolean) =>
  Object.defineProperty(globalThis, name, { value, enumerable, configurable: true, writable: enumerable });
