import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the built command as a user does, in a process of its own. Once its output matches `interruptAfter`, or `interruptWhen` says so, the
 * whole process group gets SIGINT, as Ctrl-C in a terminal sends it.
 */
export function medke(
  args: string[],
  options: { env?: Record<string, string>; cwd?: string; interruptAfter?: RegExp; interruptWhen?: () => boolean } = {},
): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve(ROOT, "dist/cli.js"), ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, without this process.
      detached: options.interruptAfter !== undefined || options.interruptWhen !== undefined,
    });
    let [stdout, stderr, asked] = ["", "", false];
    const interruptOnce = () => {
      if (asked || !(options.interruptAfter?.test(stdout + stderr) || options.interruptWhen?.())) return;
      asked = true;
      process.kill(-child.pid!, "SIGINT");
    };
    child.stdout.on("data", (data) => ((stdout += data), interruptOnce()));
    child.stderr.on("data", (data) => ((stderr += data), interruptOnce()));
    const looking = options.interruptWhen && setInterval(interruptOnce, 20);
    child.on("close", (code) => {
      clearInterval(looking);
      done({ code, stdout, stderr });
    });
  });
}

/** Standard error without the lines that graphics drivers print by themselves. */
export const ownWords = (stderr: string) =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("medke:"))
    .join("\n");
