// Thread of the kernel process that hears interrupt requests while the main thread is busy. They come as bytes on file descriptor 4.
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { InterruptFlags } from "./core/interrupt-flags.ts";
import { INTERRUPT_BYTE, INTERRUPT_FD } from "./interrupt-channel.ts";

const flags = new InterruptFlags(workerData as SharedArrayBuffer);
let requests = 0;
let session: Session | undefined;

// A socket, not a file stream: a blocking read would keep a dying process alive.
const channel = new Socket({ fd: INTERRUPT_FD, readable: true, writable: false });
channel.on("error", () => {});
channel.on("data", (bytes: Buffer) => {
  for (const byte of bytes) {
    if (byte === INTERRUPT_BYTE.raise) raise();
    else if (byte === INTERRUPT_BYTE.terminate) terminate();
  }
});
// The host is gone. The main thread ends the process by itself, unless it spins: nobody else would ever stop it then.
channel.on("close", () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000));

function raise(): void {
  const slot = flags.currentSlot;
  const request = ++requests;
  flags.raise(slot);
  // The main thread reads this only once it is free again. A busy loop gets a moment to end by itself, with a proper error.
  setTimeout(() => parentPort?.postMessage({ slot, request }), 50);
}

/** Ends what runs on the main thread, where the flag did not: a loop inside a package, say. May abort the process (async hooks). */
function terminate(): void {
  if (flags.hasAcknowledged(requests) || flags.isProtected) return;
  if (!session) {
    session = new Session();
    session.connectToMainThread();
  }
  session.post("Runtime.terminateExecution", () => {});
}
