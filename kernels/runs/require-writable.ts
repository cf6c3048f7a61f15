import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../datasets/make-folder.ts";
import { orExplain } from "./run-store-error.ts";

/** Makes a run folder, and finds out that it cannot be written before hours are spent on what it shall keep. Throws: RunStoreError. */
export const requireWritable = (folder: string): void =>
  orExplain(folder, "be written", () => {
    makeFolder(folder);
    rmdirSync(mkdtempSync(join(folder, ".probe-")));
  });
