import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserFacingError } from "../kernels/errors.ts";

const OLDEST: [number, number] = [20, 19];
const run = promisify(execFile);

/** A program that runs the kernel process, and the environment that makes it behave as Node. */
export interface NodeBinary {
  path: string;
  env: Record<string, string>;
  /** For the log: which program was taken, and why. */
  reason: string;
}

/** Cause: the setting "medke.nodePath" names no usable Node. Handled by: the user, who corrects the setting. */
export class NodeBinaryError extends UserFacingError {}

/**
 * Chooses the Node that runs the kernel: the one the user set, else `node` on the path if it is 20.19 or newer, else VS Code's own.
 *
 * VS Code's own comes last because its inspector and native add-ons are those of Electron on the desktop.
 * Throws: NodeBinaryError when the user's choice cannot be run or is too old.
 */
export async function findNode(configured: string, own: string): Promise<NodeBinary> {
  if (configured) {
    const version = await versionOf(configured).catch((cause: Error) => {
      throw new NodeBinaryError(
        `medke.nodePath: "${configured}" could not be run (${cause.message}). Set it to a Node.js program, or empty it.`,
        { cause },
      );
    });
    if (!isRecent(version))
      throw new NodeBinaryError(
        `medke.nodePath: "${configured}" is Node.js ${version}; the kernel needs ${OLDEST.join(".")} or newer. Install one, or empty the setting.`,
      );
    return { path: configured, env: {}, reason: `Node.js ${version}, set in medke.nodePath` };
  }
  const version = await versionOf("node").catch(() => undefined);
  if (version && isRecent(version)) return { path: "node", env: {}, reason: `Node.js ${version} on the path` };
  const why = version ? `Node.js ${version} on the path is older than ${OLDEST.join(".")}` : "no Node.js on the path";
  return { path: own, env: { ELECTRON_RUN_AS_NODE: "1" }, reason: `VS Code's own Node.js: ${why}` };
}

async function versionOf(program: string): Promise<string> {
  const { stdout } = await run(program, ["--version"], { timeout: 5000 });
  return stdout.trim().replace(/^v/, "");
}

/** `version` such as "20.19.1". */
export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
