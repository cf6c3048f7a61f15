import { dirname } from "node:path";
import type { NodeProto } from "onnx-buf";
import { everyNode } from "../onnx/body-graphs.ts";
import { type OnnxModel, readModel, writeModel } from "../onnx/graph.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { type CpuNode, cpuReason } from "./cpu-nodes.ts";
import type { ModelSource } from "./model-source.ts";

/**
 * What a WebGPU session opens, and which of its nodes run on the CPU. ONNX Runtime knows those by their names: a graph in which one
 * has none is written anew with names, any other is left as it is.
 *
 * Throws: OnnxFormatError.
 */
export async function webgpuSource(
  source: ModelSource,
  where: string,
): Promise<{ source: ModelSource; cpuNodes: CpuNode[] }> {
  const model = await read(source, where);
  const nodes = everyNode(model.graph);
  const found = nodes.filter((node) => cpuReason(node) !== undefined);
  const nameless = found.filter((node) => !node.name);
  giveNames(nameless, nodes);
  const cpuNodes = found.map((node) => ({ name: node.name, why: cpuReason(node)! }));
  if (nameless.length === 0) return { source, cpuNodes };
  const folder =
    typeof source === "string" ? dirname(source) : source instanceof Uint8Array ? undefined : source.folder;
  return { source: { bytes: writeModel(model), folder }, cpuNodes };
}

/** Decoded from bytes and so nobody else's: its nodes may be changed. */
function read(source: ModelSource, where: string): Promise<OnnxModel> | OnnxModel {
  // Data files are ONNX Runtime's to find; only the graph is read here.
  if (typeof source === "string") return readModelFile(source, { allowMissingWeights: true });
  return readModel(source instanceof Uint8Array ? source : source.bytes, where);
}

function giveNames(nameless: readonly NodeProto[], all: readonly NodeProto[]): void {
  const taken = new Set(all.map((node) => node.name));
  let next = 0;
  for (const node of nameless) {
    let name: string;
    do name = `on-cpu:${node.opType}:${next++}`;
    while (taken.has(name));
    node.name = name;
  }
}
