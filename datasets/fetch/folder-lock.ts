import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shownPath } from "../shown-path.ts";
import { FetchTargetError } from "./errors.ts";

const FILE = ".medke-fetch.lock";

/**
 * Runs a step while no other process fetches into the same folder. A lock whose process has ended is taken over.
 *
 * Throws: FetchTargetError naming the process that holds the folder; what the step throws.
 */
export async function withFolderLock<T>(root: string, step: () => Promise<T>): Promise<T> {
  const file = join(root, FILE);
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(await readFile(file, "utf8").catch(() => ""));
      if (attempt > 1 || isRunning(holder))
        throw new FetchTargetError(
          `${shownPath(root)}: process ${holder} is fetching into this folder. Wait for it, or name another folder with --out.`,
        );
      await rm(file, { force: true });
    }
  }
  try {
    return await step();
  } finally {
    await rm(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
