import type { Benchmark } from "../benchmark.ts";
import { layout } from "./layout.ts";
import { readMediconfusion } from "./read.ts";
import { validateMediconfusion } from "./validate.ts";

export const mediconfusion = {
  summary: "176 pairs of radiology images that encoders see as alike, each with one question that tells them apart",
  needs:
    "a folder with data/dataset.json or data/dataset.csv and, for models that see, the 228 figures as images/<number>.jpg",
  needsFolder: true,
  splits: Object.keys(layout.splits),
  task: "confusion-pairs",
  licence:
    "questions MIT (badge of the repository); every image under its own article's licence, none given out with them",
  source: "Sepehri et al. 2024, arXiv 2409.15477 (ICLR 2025); github.com/AIF4S/MediConfusion",
  readPairs: readMediconfusion,
  validate: validateMediconfusion,
} as const satisfies Benchmark;
