import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { UserFacingError } from "../errors.ts";

export interface KernelProcessOptions {
  /** The notebook's folder. */
  cwd: string;
  /** Path of the kernel process's script, such as `dist/kernel.js`. */
  entry: string;
  /** Node.js binary. Default: `node` beside the binary that runs this process, else on PATH, else that binary itself. */
  nodePath?: string;
  /** Added to the environment. `NODE_OPTIONS` of the host is not inherited, but may be given here. */
  env?: Record<string, string>;
}

/** Cause: the kernel process did not start, or ended before it was ready. Handled by: the host, which shows the message. */
export class KernelStartError extends UserFacingError {}

/** Starts the process: IPC for messages, descriptor 4 for interrupt requests, pipes for what native code writes. */
export function startKernelProcess(options: KernelProcessOptions): ChildProcess {
  const { cwd, entry, env } = options;
  if (!existsSync(cwd))
    throw new KernelStartError(`The notebook's folder "${cwd}" does not exist. Save the notebook, then run it again.`);
  if (!existsSync(entry))
    throw new KernelStartError(`The kernel "${entry}" is missing. Run "npm run build", or install medke again.`);
  const loader = entry.endsWith(".ts") ? ["--import", pathToFileURL(createRequire(entry).resolve("tsx")).href] : [];
  return fork(entry, [], {
    cwd,
    execPath: options.nodePath ?? findNode(),
    // Not inherited: a debugger's or test runner's flags are not meant for the kernel.
    execArgv: loader,
    // Colour codes have no meaning in a notebook file.
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", NODE_OPTIONS: "", ...env },
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
  });
}

/** The end of the interrupt pipe that the host writes to. */
export function interruptPipe(child: ChildProcess): Writable {
  const pipe = child.stdio[4] as Writable;
  pipe.on("error", () => {}); // a dead process tells so through its exit
  return pipe;
}

/** An editor's own binary may be Electron, under which native packages are not tested: prefer a plain Node.js. */
function findNode(): string {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? process.execPath;
}
