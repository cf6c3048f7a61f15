import type { ChildProcess } from "node:child_process";
import type { KernelRequest } from "./protocol.ts";

/** Asks first, so that the process removes its temporary files; a busy one does not hear it. */
export function endProcess(child: ChildProcess): void {
  const request: KernelRequest = { type: "shutdown" };
  if (child.connected) child.send(request, () => {});
  const timer = setTimeout(() => child.kill("SIGKILL"), 1000);
  timer.unref();
  child.once("exit", () => clearTimeout(timer));
}

/** Calls back once the process has ended and its last words were read; what it left running may hold its pipes open for longer. */
export function onExit(
  child: ChildProcess,
  callback: (code: number | null, signal: NodeJS.Signals | null) => void,
): void {
  child.once("exit", (code, signal) => {
    let told = false;
    const tell = () => {
      if (!told) callback(code, signal);
      told = true;
    };
    child.once("close", tell);
    setTimeout(tell, 300).unref();
  });
}

/** Example: exitText(3, null, "out of luck") === "exit code 3; its last words: out of luck" */
export function exitText(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal ? `signal ${signal}` : `exit code ${code}`;
  return stderr ? `${how}; its last words: ${stderr}` : how;
}
