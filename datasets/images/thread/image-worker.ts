// The thread that reads what strangers wrote: a parser or codec that never ends, aborts or fills memory takes only this thread along.
// Names of patients stay in here: of a DICOM file, pixels and their description alone are sent back.
import { parentPort } from "node:worker_threads";
import { readDicom } from "../dicom/read-dicom.ts";
import { ImageFault } from "../image-fault.ts";
import { decodeFrame } from "./codecs.ts";
import type { Answer, Job } from "./jobs.ts";

parentPort!.on("message", async (job: Job) => {
  let answer: Answer;
  try {
    answer = { result: job.kind === "dicom" ? detached(readDicom(job.bytes, job.frame)) : await decodeFrame(job) };
  } catch (error) {
    answer = {
      // WebAssembly throws the address of an exception, which says nothing.
      message: error instanceof Error ? error.message : "the decoder refuses it",
      next: error instanceof ImageFault ? error.next : undefined,
      aborted: error instanceof WebAssembly.RuntimeError,
    };
  }
  parentPort!.postMessage(answer, "result" in answer ? [answer.result.bytes.buffer as ArrayBuffer] : []);
});

/** A view sends the whole buffer that it looks at, the file with all its attributes; a copy sends the frame alone. */
const detached = <T extends { bytes: Uint8Array }>(frame: T): T => ({ ...frame, bytes: new Uint8Array(frame.bytes) });
