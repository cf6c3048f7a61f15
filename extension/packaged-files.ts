import { join } from "node:path";

// The bundle of the extension is CommonJS and lies in dist/, beside the kernel's.
/** The script that runs as the kernel process. */
export const kernelEntry = join(__dirname, "kernel.js");
/** The quickstart that is copied for the user. */
export const quickstart = join(__dirname, "../notebooks/quickstart.ipynb");
