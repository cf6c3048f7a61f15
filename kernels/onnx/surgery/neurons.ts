import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
export const neuronNames = (siteId: string) => ({ keys: `n:${siteId}:k`, bias: `n:${siteId}:b`, values: `n:${siteId}:v` });
export function neurons(model: OnnxModel, up: Site, down: Site, names = neuronNames(down.id)): OnnxModel { throw new Error("tmp"); }
export function mlpActivation(model: OnnxModel, layer: number): (value: string, fresh: (wish: string) => string) => { nodes: import("onnx-buf").NodeProto[]; output: string } { throw new Error("tmp"); }
