import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** The interpreter to ask: a Linux distribution's PyTorch belongs to the system's own, whatever stands first on the path. */
const INTERPRETERS = ["python3", "/usr/bin/python3"];

/** Runs a script of this folder with the interpreter `python`, or the first that has PyTorch, and reads the JSON that it prints; otherwise why not. */
export function askTorch<T>(script: string, configs: readonly object[], python?: string): T[] | string {
  const candidates = python === undefined ? INTERPRETERS : [python];
  const found = candidates.find((each) => spawnSync(each, ["-c", "import torch"]).status === 0);
  if (found === undefined) return `not measured (no torch in ${candidates.join(" or ")})`;
  return configs.map((config) => {
    const args = [resolve(import.meta.dirname, script), JSON.stringify(config)];
    const { status, stdout, stderr } = spawnSync(found, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`PyTorch benchmark ${script} ended with status ${status}:\n${stderr}`);
    return JSON.parse(stdout.trim().split("\n").at(-1)!) as T;
  });
}
