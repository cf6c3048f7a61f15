import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the built command as a user does, in a process of its own. Once its output matches `interruptAfter`, the whole process group
 * gets SIGINT, as Ctrl-C in a terminal sends it.
 */
export function medke(
  args: string[],
  options: { env?: Record<string, string>; cwd?: string; interruptAfter?: RegExp } = {},
): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve(ROOT, "dist/cli.js"), ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: options.interruptAfter !== undefined, // a group of its own, without this process
    });
    let [stdout, stderr, asked] = ["", "", false];
    const interruptOnce = () => {
      if (asked || !options.interruptAfter?.test(stdout + stderr)) return;
      asked = true;
      process.kill(-child.pid!, "SIGINT");
    };
    child.stdout.on("data", (data) => ((stdout += data), interruptOnce()));
    child.stderr.on("data", (data) => ((stderr += data), interruptOnce()));
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

/** Standard error without the lines that graphics drivers print by themselves. */
export const ownWords = (stderr: string) =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("medke:"))
    .join("\n");
