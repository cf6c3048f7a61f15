import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { embeddedFolder } from "../../../kernels/models/embedded-models.ts";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";
import {
  declared,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModelFile,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { valueTypes } from "../../../kernels/onnx/surgery/value-types.ts";
import { int64 } from "../../../kernels/tensor.ts";
import { asFloat16 } from "../onnx/as-float16.ts";

const [FLOAT, HALF] = [1, 10];

/**
 * How an exporter leaves a model in half precision. All have half-precision weights and activations.
 *
 * "float32 edges": onnxconverter-common's float16 with `keep_io_types`, as the conversion script of transformers.js calls it: every input and
 * output stays float32, a Cast behind or before it. "half edges": the same without: inputs, outputs and cache are float16. "mixed": the model
 * builder of ONNX Runtime, as in transformers.js's vision-language models: embeddings, pixels and features in float32, cache and logits in
 * float16, norms in float32 between Casts, logits of as many rows as an input says.
 */
export const HALF_FORMS = ["float32 edges", "half edges", "mixed"] as const;
export type HalfForm = (typeof HALF_FORMS)[number];

/** Writes phantom, or another model with float32 graphs in `from`, in half precision. */
export async function writeHalfModel(folder: string, form: HalfForm, from = embeddedFolder("phantom")): Promise<void> {
  cpSync(from, folder, { recursive: true });
  mkdirSync(join(folder, "onnx"), { recursive: true });
  for (const file of readdirSync(join(from, "onnx")).filter((name) => name.endsWith(".onnx")))
    writeFileSync(join(folder, "onnx", basename(file)), writeModel(halfGraph(await readModelFile(join(from, "onnx", file)), form))); // prettier-ignore
}

/** One float32 graph in the given form. */
export function halfGraph(model: OnnxModel, form: HalfForm): OnnxModel {
  const half = asFloat16(model);
  if (form === "half edges") return half;
  if (form === "float32 edges") return wideEdges(half, () => true);
  const cached = (name: string) => /^(past_key_values|present)\.|^logits$/.test(name);
  return wideEdges(keptRows(wideNorms(half)), (name) => !cached(name));
}

/** Logits of the last rows alone, as many as an input says; 0 means all. */
function keptRows(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const head = graph.node.find(({ output }) => output.includes("logits"));
  if (!head) return model;
  const op = (type: string, inputs: string[], name: string) => makeNode(type, inputs, [name], {}, name);
  return withGraph(model, {
    input: [...graph.input, makeValueInfo("num_logits_to_keep", "int64", [])],
    initializer: [
      ...graph.initializer,
      ...[0, 1, 2 ** 31 - 1].map((value) => makeTensor(`keep:${value}`, int64([value], [1]))),
    ],
    node: graph.node.flatMap((node) =>
      node === head
        ? [
            op("Neg", ["num_logits_to_keep"], "keep:from"),
            op("Unsqueeze", ["keep:from", "keep:0"], "keep:start"),
            op("Slice", [head.input[0], "keep:start", `keep:${2 ** 31 - 1}`, "keep:1"], "keep:rows"),
            shallowCopy(head, { input: ["keep:rows", ...head.input.slice(1)] }),
          ]
        : [node],
    ),
  });
}

/** float32 inputs and outputs where `wide` says so, with the Casts that the converter names so. */
function wideEdges(model: OnnxModel, wide: (name: string) => boolean): OnnxModel {
  const { graph } = model;
  const isHalf = (info: (typeof graph.input)[number]) => declared(info).type === "float16" && wide(info.name);
  const names = new Map<string, string>();
  const first = graph.input.filter(isHalf).map(({ name }, i) => {
    names.set(name, `graph_input_cast_${i}`);
    return makeNode("Cast", [name], [`graph_input_cast_${i}`], { to: HALF }, `graph_input_cast${i}`);
  });
  const last = graph.output.filter(isHalf).map(({ name }, i) => {
    names.set(name, `graph_output_cast_${i}`);
    return makeNode("Cast", [`graph_output_cast_${i}`], [name], { to: FLOAT }, `graph_output_cast${i}`);
  });
  const renamed = (list: string[]) => list.map((name) => names.get(name) ?? name);
  const info = (each: (typeof graph.input)[number]) =>
    isHalf(each) ? makeValueInfo(each.name, "float32", declared(each).dims) : each;
  return withGraph(model, {
    input: graph.input.map(info),
    output: graph.output.map(info),
    node: [
      ...first,
      ...graph.node.map((node) => shallowCopy(node, { input: renamed(node.input), output: renamed(node.output) })),
      ...last,
    ],
  });
}

/** Norms in float32, each of their nodes between Casts: what the converter does with operators of its block list. */
function wideNorms(model: OnnxModel): OnnxModel {
  const types = valueTypes(model);
  const node = model.graph.node.flatMap((each) => {
    if (!/norm/.test(each.name)) return [each];
    const wide = (list: string[], side: string) =>
      list.map((name, i) => (types.get(name) === "float16" ? `${each.name}_${side}_cast_${i}` : name));
    const [input, output] = [wide(each.input, "input"), wide(each.output, "output")];
    const casts = (from: string[], to: string[], type: number) =>
      from.flatMap((name, i) => (name === to[i] ? [] : [makeNode("Cast", [name], [to[i]], { to: type }, `cast:${to[i]}`)])); // prettier-ignore
    return [
      ...casts(each.input, input, FLOAT),
      shallowCopy(each, { input, output }),
      ...casts(output, each.output, HALF),
    ];
  });
  return withGraph(model, { node });
}
