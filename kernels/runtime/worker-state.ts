// Tensors that stay in the session worker between runs: weights under training never cross the thread boundary.
import type { Tensor as OrtTensor } from "onnxruntime-node";
import type { Tensor, TensorData } from "../tensor.ts";
import { fromOrt, toOrt } from "./ort-tensor.ts";

const slots = new Map<string, OrtTensor>();
/** A second buffer for each slot that a run writes: ONNX Runtime must not write what it still reads. The two change places. */
const spares = new Map<string, OrtTensor>();

function slot(name: string): OrtTensor {
  const tensor = slots.get(name);
  if (!tensor) throw new Error(`internal: state "${name}" was dropped before this run`);
  return tensor;
}

export function putState(tensors: Record<string, Tensor>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    slots.set(name, toOrt(tensor));
    spares.delete(name);
  }
}

/** Copies of the named slots. */
export const getState = (names: readonly string[]): Record<string, Tensor> =>
  Object.fromEntries(
    names.map((name) => {
      const { type, dims, data } = slot(name);
      return [
        name,
        { type: type as Tensor["type"], dims: [...dims], data: (data as Float32Array).slice() as TensorData },
      ];
    }),
  );

export function dropState(names: readonly string[]): void {
  for (const name of names) {
    slots.delete(name);
    spares.delete(name);
  }
}

/** What a run reads from state: by input name. */
export const stateFeeds = (read: Record<string, string>): Record<string, OrtTensor> =>
  Object.fromEntries(Object.entries(read).map(([input, name]) => [input, slot(name)]));

/** Buffers that a run writes into, by output name: of the shape of the output, or null where a slot is new and the engine makes one. */
export function stateTargets(write: Record<string, string>): Record<string, OrtTensor | null> {
  const targets: Record<string, OrtTensor | null> = {};
  for (const [output, name] of Object.entries(write)) {
    if (!slots.has(name)) {
      targets[output] = null;
      continue;
    }
    const { type, dims, data } = slot(name);
    let spare = spares.get(name);
    if (!spare) {
      const empty = new (data.constructor as Float32ArrayConstructor)(data.length);
      spares.set(name, (spare = toOrt({ type: type as "float32", dims, data: empty })));
    }
    targets[output] = spare;
  }
  return targets;
}

/** After a run that succeeded: what was written is the state, what was read is the spare. */
export function commitState(write: Record<string, string>, outputs: Record<string, OrtTensor>): void {
  for (const [output, name] of Object.entries(write)) {
    const [old, spare] = [slots.get(name), spares.get(name)];
    slots.set(name, spare ?? toOrt(fromOrt(outputs[output])));
    if (old) spares.set(name, old);
  }
}
