import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { BATCH, MODELS, RANK, TOKENS, type ModelName } from "./gpt-graphs.ts";

export interface TorchResult {
  model: string;
  version: string;
  /** What multiplies matrices: openblas, mkl, blas (the slow reference). */
  library: string;
  /** Of one thread and all cores, the setting with the faster all-parameter step. */
  threads: number;
  /** Median milliseconds by step. */
  steps: Record<string, number>;
}

/** The interpreter to ask: a Linux distribution's PyTorch belongs to the system's own, whatever stands first on the path. */
const INTERPRETERS = ["python3", "/usr/bin/python3"];

/** The same steps in PyTorch, with the interpreter `python` or the first that has it, otherwise why not. */
export function torchSteps(models: readonly ModelName[], python?: string): TorchResult[] | string {
  const candidates = python === undefined ? INTERPRETERS : [python];
  const found = candidates.find((each) => spawnSync(each, ["-c", "import torch"]).status === 0);
  if (found === undefined) return `not measured (no torch in ${candidates.join(" or ")})`;
  return models.map((model) => {
    const config = JSON.stringify({ ...MODELS[model], batch: BATCH, tokens: TOKENS, rank: RANK });
    const { status, stdout, stderr } = spawnSync(found, [resolve(import.meta.dirname, "torch_step.py"), config], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`PyTorch benchmark of ${model} ended with status ${status}:\n${stderr}`);
    return { model, ...JSON.parse(stdout.trim().split("\n").at(-1)!) };
  });
}
