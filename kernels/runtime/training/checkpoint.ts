import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../errors.ts";
import { float32 } from "../../tensor.ts";
import type { Tensor } from "../../tensor.ts";
import type { StoredTensor } from "../safetensors/element-types.ts";
import { readHead, readTensors } from "../safetensors/read.ts";
import { layOut, writeLayout } from "../safetensors/write.ts";

/** Cause: a checkpoint is damaged, or was written by a run with other settings. Handled by: the user, who removes or moves the folder. */
export class CheckpointError extends UserFacingError {}

export interface Checkpoint {
  /** Steps taken. */
  step: number;
  /** What the run must agree on to be continued. */
  settings: unknown;
  values: Record<string, Tensor>;
}

const FILE = "checkpoint.safetensors";

/** Writes a safetensors file, float32 only, with step and settings as metadata. */
export async function writeCheckpoint(folder: string, { step, settings, values }: Checkpoint): Promise<void> {
  const tensors = Object.entries(values).map(([name, { dims, data }]): [string, StoredTensor] => [
    name,
    { dtype: "F32", shape: dims, data },
  ]);
  const metadata = { step: String(step), settings: JSON.stringify(settings) };
  await mkdir(folder, { recursive: true });
  await writeLayout(join(folder, FILE), layOut(metadata, new Map(tensors)));
}

/** The folder's checkpoint, or undefined when there is none. Throws: CheckpointError for a damaged file. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, FILE);
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const head = await readHead(file);
    const values: Record<string, Tensor> = {};
    for await (const [name, { dtype, shape, data }] of readTensors(file, head)) {
      if (dtype !== "F32") throw new CheckpointError(`it holds ${dtype}`);
      values[name] = float32(data as Float32Array, shape);
    }
    const { step, settings } = head.metadata;
    return { step: Number(step), settings: JSON.parse(settings), values };
  } catch (cause) {
    throw new CheckpointError(`${path}: the checkpoint is damaged. Remove the file to start over.`, { cause });
  } finally {
    await file.close();
  }
}
