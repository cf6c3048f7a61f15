import { readdirSync, readFileSync, existsSync } from "node:fs";
import { cotangentName, crossEntropy, feedInputs, readModel } from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { lower } from "../../../../kernels/onnx/lowering/index.ts";
import { declared } from "../../../../kernels/onnx/values.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { shared } from "../../../shared-data.ts";
import { familyFeeds } from "../family-feeds.ts";
import { readSafetensors } from "../read-safetensors.ts";

export const ROOT = "models/tiny-families";

/** What meta.json says of one graph. */
export interface GraphNotes {
  reference: string;
  cases: string[];
  gradient_cases: string[];
  loss: "cross_entropy" | "cotangent";
  /** Label of a value to its name in the graph. */
  values: Record<string, string>;
  outputs: Record<string, unknown>;
  ops: Record<string, number>;
}

/** One graph of one family with its inputs and what it must give. */
export interface FamilyGraph {
  family: string;
  file: string;
  notes: GraphNotes;
  /** The graph itself, in standard operators, with the loss where that is a cross-entropy. */
  model: OnnxModel;
  inputs: Map<string, Tensor>;
  reference: Map<string, Tensor>;
}

/** Family and file of every graph. */
export function familyGraphs(): [family: string, file: string, notes: GraphNotes][] {
  const folder = shared(ROOT);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const meta = JSON.parse(readFileSync(shared(ROOT, name, "meta.json"), "utf8")) as {
        files: Record<string, GraphNotes>;
      };
      return Object.entries(meta.files).map(([file, notes]): [string, string, GraphNotes] => [name, file, notes]);
    });
}

export function openFamilyGraph(family: string, file: string, notes: GraphNotes): FamilyGraph {
  const lowered = lower(readModel(readFileSync(shared(ROOT, family, file)), file));
  return {
    family,
    file,
    notes,
    model: notes.loss === "cross_entropy" ? crossEntropy(lowered) : lowered,
    inputs: readSafetensors(shared(ROOT, family, "inputs.safetensors")),
    reference: readSafetensors(shared(ROOT, family, notes.reference)),
  };
}

/** Feeds of a case with the loss's own. */
export const caseFeeds = ({ inputs, model }: FamilyGraph, name: string): Record<string, Tensor> =>
  familyFeeds(inputs, name, model);

/** Outputs that a cotangent weighs in a case, and the feeds of those cotangents. */
export function cotangentFeeds({ inputs, notes }: FamilyGraph, name: string): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  if (notes.loss !== "cotangent") return feeds;
  for (const output of Object.keys(notes.outputs)) {
    const cotangent = inputs.get(`${name}/cotangent.${output}`);
    if (cotangent) feeds[cotangentName(output)] = cotangent;
  }
  return feeds;
}

/** A case to trace the graph with: another than the one that is compared, and no varying size of 1. */
export function tracedCase(graph: FamilyGraph, name: string): string {
  const varies = (input: string) => declared(feedInputs(graph.model).find((info) => info.name === input)!).dims ?? [];
  const wide = (candidate: string) =>
    Object.entries(caseFeeds(graph, candidate)).every(([input, { dims }]) =>
      dims.every((size, axis) => size !== 1 || typeof varies(input)[axis] === "number"),
    );
  const candidates = graph.notes.cases.filter(wide);
  return candidates.find((candidate) => candidate !== name) ?? candidates[0];
}

/** Gradients that the reference holds for a case, by the name of the initialiser or value in the graph. */
export function wantedGradients({ reference, notes }: FamilyGraph, name: string): Map<string, Tensor> {
  const wanted = new Map<string, Tensor>();
  for (const [key, tensor] of reference) {
    if (key.startsWith(`${name}/grad/`)) wanted.set(key.slice(name.length + 6), tensor);
    if (key.startsWith(`${name}/grad_value/`)) wanted.set(notes.values[key.slice(name.length + 12)], tensor);
  }
  return wanted;
}

/**
 * Zeroes what the fused attention leaves unspecified, as the reference does: places [batch, tokens, ...] of an output, or
 * [batch, heads, tokens, ...] of a cache, that the attention mask of the case does not count.
 */
export function withoutPadding({ inputs, notes }: FamilyGraph, name: string, value: string, tensor: Tensor): Tensor {
  const mask = inputs.get(`${name}/attention_mask`);
  if (!mask || !notes.ops["com.microsoft:GroupQueryAttention"]) return tensor;
  const cache = /^present\./.test(value);
  const axis = cache ? 2 : 1;
  const [keys, tokens] = [mask.dims[1], tensor.dims[axis]];
  const inner = tensor.dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const perRow = tensor.data.length / tensor.dims[0];
  const data = Float32Array.from(tensor.data as Float32Array, (element, i) => {
    const token = Math.floor(i / inner) % tokens;
    const seen = (mask.data as BigInt64Array)[Math.floor(i / perRow) * keys + keys - tokens + token];
    return seen ? element : 0;
  });
  return { ...tensor, data };
}
