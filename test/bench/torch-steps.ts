import { BATCH, MODELS, RANK, TOKENS, type ModelName } from "./gpt-graphs.ts";
import { askTorch } from "./torch-python.ts";

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

/** The same steps in PyTorch, with the interpreter `python` or the first that has it, otherwise why not. */
export function torchSteps(models: readonly ModelName[], python?: string): TorchResult[] | string {
  const configs = models.map((model) => ({ ...MODELS[model], batch: BATCH, tokens: TOKENS, rank: RANK }));
  const results = askTorch<Omit<TorchResult, "model">>("torch_step.py", configs, python);
  return typeof results === "string" ? results : results.map((result, i) => ({ model: models[i], ...result }));
}
