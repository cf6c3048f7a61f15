import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The kernel process to start: the source file when run from source, the bundle beside this one otherwise. */
export const kernelEntry = join(here, import.meta.url.endsWith(".ts") ? "process.ts" : "kernel.js");
