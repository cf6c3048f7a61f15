import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { BATCH, MODELS, RANK, TOKENS, type ModelName } from "./gpt-graphs.ts";

export interface TorchResult {
  model: string;
  version: string;
  threads: number;
  /** Median milliseconds by step. */
  steps: Record<string, number>;
}

/** The same steps in PyTorch where Python has it, otherwise why not. */
export function torchSteps(models: readonly ModelName[]): TorchResult[] | string {
  const probe = spawnSync("python3", ["-c", "import torch"], { encoding: "utf8" });
  if (probe.error || probe.status !== 0) return "not measured (python3 has no torch here)";
  return models.map((model) => {
    const config = JSON.stringify({ ...MODELS[model], batch: BATCH, tokens: TOKENS, rank: RANK });
    const { status, stdout, stderr } = spawnSync("python3", [resolve(import.meta.dirname, "torch_step.py"), config], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`PyTorch benchmark of ${model} ended with status ${status}:\n${stderr}`);
    return { model, ...JSON.parse(stdout.trim().split("\n").at(-1)!) };
  });
}
