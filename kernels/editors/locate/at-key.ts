import type { EditCase } from "../../../datasets/case.ts";
import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { Tap } from "../../models/taps.ts";
import { float32, type Tensor } from "../../tensor.ts";
import { keyRow } from "../key-position.ts";
import type { LocateCall } from "./locate-options.ts";

/** Hidden vectors of a case at its key. */
export interface AtKey {
  /** One a tap; first the plain prompt, then every context: [1 + contexts, width]. */
  values: Tensor<Float32Array>[];
  /** Row of the key in the plain prompt. */
  row: number;
  /** Words that the key was found by. */
  words?: string;
}

/** A case with a text in front of its question. */
export const inContext = (fact: EditCase, text: string): EditCase => ({ ...fact, question: text + fact.question });

/** Reads hidden vectors at the key of a case, in the plain prompt and in every context. Throws: KeyPositionError, CancelledError. */
export async function atKey(
  { editor, options, contexts, context: { signal } }: LocateCall,
  model: EditableModel,
  fact: EditCase,
  taps: readonly Tap[],
): Promise<AtKey> {
  const rows: Float32Array[][] = taps.map(() => []);
  let plain: Omit<AtKey, "values"> | undefined;
  for (const text of ["", ...contexts]) {
    throwIfCancelled(signal, `${editor}: reading keys`);
    const asked = inContext(fact, text);
    const at = await keyRow(editor, model, asked, options.position);
    const { values } = await model.states({ image: asked.image, question: asked.question }, taps, { signal });
    plain ??= at;
    values.forEach(({ data, dims }, tap) => rows[tap].push(data.slice(at.row * dims[1], (at.row + 1) * dims[1])));
  }
  return { ...plain!, values: rows.map(stacked) };
}

/** Vectors as the rows of a matrix. */
export function stacked(vectors: readonly Float32Array[]): Tensor<Float32Array> {
  const width = vectors[0].length;
  const data = new Float32Array(vectors.length * width);
  vectors.forEach((vector, i) => data.set(vector, i * width));
  return float32(data, [vectors.length, width]);
}

/** Row `i` of a matrix. */
export const rowOf = ({ data, dims }: Tensor<Float32Array>, i: number): Float32Array =>
  data.slice(i * dims[1], (i + 1) * dims[1]);

/**
 * One key for all contexts: the plain prompt's counts half, the contexts share the other half; without contexts it counts whole.
 *
 * Source: MEMIT (arXiv 2210.07229), key means as EasyEdit has them.
 */
export function meanKey(keys: Tensor<Float32Array>): Float32Array {
  const [count, width] = keys.dims;
  if (count === 1) return rowOf(keys, 0);
  return Float32Array.from({ length: width }, (_, j) => {
    let sum = 0;
    for (let i = 1; i < count; i++) sum += keys.data[i * width + j];
    return (keys.data[j] + sum / (count - 1)) / 2;
  });
}
