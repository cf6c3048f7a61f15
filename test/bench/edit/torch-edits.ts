import { MODELS } from "../gpt-graphs.ts";
import { askTorch } from "../torch-python.ts";
import { POSITIONS } from "./gpt-folder.ts";
import { type ComparedEditor, SETTINGS } from "./subjects.ts";

export interface TorchEdits {
  version: string;
  /** What multiplies matrices: openblas, mkl, blas (the slow reference). */
  library: string;
  /** Median seconds by editor, of one thread and all cores the faster. */
  seconds: Partial<Record<ComparedEditor, number>>;
}

/** Tokens of the target and the end: the rows that are scored. */
const SCORED = 2;

/** The compared edits in PyTorch on this machine, on as many tokens; otherwise why not. */
export function torchEdits(editors: readonly ComparedEditor[], repeats: number, python?: string): TorchEdits | string {
  const edits = Object.fromEntries(editors.map((id) => [id, SETTINGS[id].torch]));
  const config = { ...MODELS["110M"], positions: POSITIONS, rank: SETTINGS.lora.rank, scored: SCORED, repeats, edits };
  const results = askTorch<TorchEdits>("edit/torch_edit.py", [config], python);
  return typeof results === "string" ? results : results[0];
}
