// Draws scenes and questions beside the thread that trains.
import { workerData } from "node:worker_threads";
import type { BatchRequest, BatchWorkerData } from "./batch-protocol.ts";
import { serveBatches } from "./batch-thread.ts";
import { TrainingSampler } from "./sampler.ts";

const sampler = new TrainingSampler(workerData as BatchWorkerData);
serveBatches(({ stage, step }: BatchRequest) => sampler.feeds(stage, step));
