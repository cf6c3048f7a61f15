// Draws scenes and questions beside the thread that trains, so that a step never waits for pictures.
import { parentPort, workerData } from "node:worker_threads";
import type { BatchRequest, BatchReply, BatchWorkerData } from "./batch-protocol.ts";
import { TrainingSampler } from "./sampler.ts";

const sampler = new TrainingSampler(workerData as BatchWorkerData);

parentPort!.on("message", ({ id, stage, step }: BatchRequest) => {
  try {
    const feeds = sampler.feeds(stage, step);
    const buffers = Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer);
    parentPort!.postMessage({ id, feeds } satisfies BatchReply, buffers);
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).stack ?? String(error) } satisfies BatchReply);
  }
});
