import { workerData } from "node:worker_threads";
import { serveBatches } from "../../training/batch-thread.ts";
import { RetrievalSampler } from "./retrieval-sampler.ts";

const sampler = new RetrievalSampler(workerData as number);
serveBatches((step: number) => sampler.feeds(step));
