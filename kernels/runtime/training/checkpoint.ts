// Readers see the old checkpoint or the new one, never a mixture; holds across kill -9.
// Not promised: survival of a power cut on a network file system.
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../errors.ts";
import { float32 } from "../../tensor.ts";
import type { Tensor } from "../../tensor.ts";

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

/** Writes the file beside its final name and renames it. The format is safetensors, float32 only, with step and settings as metadata. */
export async function writeCheckpoint(folder: string, { step, settings, values }: Checkpoint): Promise<void> {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { step: String(step), settings: JSON.stringify(settings) } };
  for (const [name, { dims, data }] of Object.entries(values))
    header[name] = { dtype: "F32", shape: dims, data_offsets: [offset, (offset += data.byteLength)] };
  const text = JSON.stringify(header);
  // Data begin at a multiple of 8, as the format asks: the header is filled up with spaces, in UTF-8 bytes.
  const bytes = Buffer.from(text + " ".repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `${FILE}.${process.pid}.partial`);
  const file = await open(partial, "w");
  try {
    await file.write(size);
    await file.write(bytes);
    for (const { data } of Object.values(values))
      await file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, join(folder, FILE));
}

/** The folder's checkpoint, or undefined when there is none. Throws: CheckpointError for a damaged file. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, FILE);
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const damaged = (cause?: unknown) =>
    new CheckpointError(`${path}: the checkpoint is damaged. Remove the file to start over.`, { cause });
  try {
    const length = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString("utf8", 8, 8 + length)) as Record<
      string,
      { shape: number[]; data_offsets: [number, number] }
    >;
    const { step, settings } = header.__metadata__ as unknown as { step: string; settings: string };
    delete header.__metadata__;
    const values: Record<string, Tensor> = {};
    for (const [
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ] of Object.entries(header)) {
      const bytes = Uint8Array.prototype.slice.call(file, 8 + length + from, 8 + length + to);
      if (bytes.length !== 4 * shape.reduce((n, size) => n * size, 1)) throw damaged();
      values[name] = float32(new Float32Array(bytes.buffer), shape);
    }
    return { step: Number(step), settings: JSON.parse(settings), values };
  } catch (cause) {
    throw cause instanceof CheckpointError ? cause : damaged(cause);
  }
}
