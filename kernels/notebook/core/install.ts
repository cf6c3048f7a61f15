import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// The only file that knows where things lie beside the kernel. Two layouts: this source tree (run through tsx), and `dist/`, where
// every bundle and chunk lies directly in one folder.
const here = dirname(fileURLToPath(import.meta.url));
const fromSource = import.meta.url.endsWith(".ts");
const packageRoot = fromSource ? join(here, "../../..") : join(here, "..");

/** What `import … from "medke"` runs in a cell. */
export const libraryEntry = pathToFileURL(join(packageRoot, fromSource ? "kernels/index.ts" : "dist/index.js")).href;

/** What `import … from "medke"` means for the type checker. */
export const libraryTypes = join(packageRoot, fromSource ? "kernels/index.ts" : "dist/types/kernels/index.d.ts");

/** A file name in the package's folder: bare imports that the notebook's folder does not answer are resolved from here. */
export const besideKernel = join(packageRoot, "package.json");

/** The kernel's own files; their frames are left out of stack traces. */
export const isKernelFile = (url: string): boolean =>
  fromSource ? url.includes("/kernels/notebook/") : url.startsWith(pathToFileURL(here).href) && kernelChunk(url);

// In `dist/` the chunks are shared with the library, so only the process entry is surely the kernel's.
const kernelChunk = (url: string) => url.endsWith("/kernel.js");

/** Folders that hold `@types/node`, nearest first; empty where it was not installed. */
export const typeRoots = nodeTypes();

function nodeTypes(): string[] {
  try {
    return [dirname(dirname(createRequire(besideKernel).resolve("@types/node/package.json")))];
  } catch {
    return [];
  }
}
