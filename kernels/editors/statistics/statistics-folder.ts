import { homedir } from "node:os";
import { join } from "node:path";

/** Where gathered statistics are kept: below XDG_CACHE_HOME where it is set, else below the user's cache folder. */
export function statisticsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const local = process.platform === "win32" ? env.LOCALAPPDATA : undefined;
  return join(env.XDG_CACHE_HOME || local || join(homedir(), ".cache"), "medke", "statistics");
}
