import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "../../kernels/tensor.ts";
import { readSafetensors } from "../kernels/onnx/read-safetensors.ts";
import { MODELS_DIR } from "./golden-folders.ts";

export const FAMILIES_DIR = join(MODELS_DIR, "tiny-families");

/** What meta.json says of one graph. */
export interface GraphNotes {
  reference: string;
  cases: string[];
  loss: "cross_entropy" | "cotangent";
  ops: Record<string, number>;
  outputs: Record<string, unknown>;
  /** Label of a value to its name in the graph. */
  values: Record<string, string>;
}

export interface FamilyReference {
  notes: GraphNotes;
  inputs: Map<string, Tensor>;
  reference: Map<string, Tensor>;
}

const meta = (family: string) =>
  JSON.parse(readFileSync(join(FAMILIES_DIR, family, "meta.json"), "utf8")) as { files: Record<string, GraphNotes> };

/** The graphs of a family that have reference values. */
export const graphsOf = (family: string): string[] => Object.keys(meta(family).files);

export function familyReference(family: string, file: string): FamilyReference {
  const notes = meta(family).files[file];
  return {
    notes,
    inputs: readSafetensors(join(FAMILIES_DIR, family, "inputs.safetensors")),
    reference: readSafetensors(join(FAMILIES_DIR, family, notes.reference)),
  };
}

/** Reference gradients of a case: name in the graph to gradient. */
export function wantedGradients({ notes, reference }: FamilyReference, name: string): Map<string, Tensor> {
  const wanted = new Map<string, Tensor>();
  for (const [key, tensor] of reference) {
    const [, kind, label] = /^[^/]+\/(grad|grad_value)\/(.*)$/.exec(key) ?? [];
    if (key.startsWith(`${name}/`) && label)
      wanted.set(kind === "grad" ? label : (notes.values[label] ?? label), tensor);
  }
  return wanted;
}
