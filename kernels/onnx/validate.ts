import { TensorProto_DataType as DataType } from "onnx-buf";
import type { GraphProto, ModelProto, NodeProto, TensorProto } from "onnx-buf";
import { elementCount } from "./element-count.ts";
import { byteLength } from "./element-type.ts";
import { isExternal } from "./external-data.ts";
import { externalLocation } from "./external-location.ts";
import { oversizedFills } from "./fill-size.ts";
import { OnnxFormatError } from "./format-error.ts";
import { shapeText } from "./shape-text.ts";

/**
 * Checks what a whole file always fulfils and a cut or damaged one does not: a graph, operator set versions, weights as long as
 * their shape says, and values that exist before they are used.
 *
 * Throws: OnnxFormatError.
 */
export function validateModel(model: ModelProto, where: string): asserts model is ModelProto & { graph: GraphProto } {
  const fail = (problem: string): never => {
    throw new OnnxFormatError(where, problem);
  };
  const { graph } = model;
  if (!graph) return fail("it holds no graph");
  if (graph.output.length === 0) fail("its graph has no outputs");
  if (model.opsetImport.length === 0) fail("it names no operator set version");
  const domains = new Set([
    ...model.opsetImport.map((set) => normalDomain(set.domain)),
    ...model.functions.map((f) => normalDomain(f.domain)),
  ]);
  checkGraph(graph, new Set(), domains, fail);
}

type Fail = (problem: string) => never;

const normalDomain = (domain: string) => (domain === "ai.onnx" ? "" : domain);

const label = (node: NodeProto) => `node "${node.name || node.output[0]}" (${node.opType})`;

function checkGraph(graph: GraphProto, outer: ReadonlySet<string>, domains: ReadonlySet<string>, fail: Fail): void {
  const known = new Set(outer);
  for (const input of graph.input) {
    if (!input.name) fail("a graph input has no name");
    if (known.has(input.name) && !outer.has(input.name)) fail(`two inputs have the name "${input.name}"`);
    known.add(input.name);
  }
  const weights = new Set<string>();
  for (const tensor of graph.initializer) {
    if (!tensor.name) fail("a weight has no name");
    if (weights.has(tensor.name)) fail(`two weights have the name "${tensor.name}"`);
    weights.add(tensor.name);
    checkTensor(tensor, `weight "${tensor.name}"`, fail);
    known.add(tensor.name);
  }
  for (const sparse of graph.sparseInitializer) if (sparse.values?.name) known.add(sparse.values.name);
  for (const node of graph.node) {
    if (!node.opType) fail(`node "${node.name || node.output[0]}" names no operator`);
    if (!domains.has(normalDomain(node.domain)))
      fail(`${label(node)} needs operator set "${node.domain || "ai.onnx"}", which the file does not name`);
    for (const input of node.input)
      if (input && !known.has(input)) fail(`${label(node)} reads "${input}", which nothing before it produces`);
    for (const attribute of node.attribute) {
      for (const tensor of attribute.t ? [attribute.t, ...attribute.tensors] : attribute.tensors)
        checkTensor(tensor, `attribute "${attribute.name}" of ${label(node)}`, fail);
      for (const body of attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs)
        checkGraph(body, known, domains, fail);
    }
    for (const output of node.output) {
      if (output && known.has(output) && !outer.has(output)) fail(`${label(node)} produces "${output}" a second time`);
      known.add(output);
    }
  }
  const outputs = new Set<string>();
  for (const { name } of graph.output) {
    if (!known.has(name)) fail(`nothing produces the output "${name}"`);
    // A branch may hand out one value twice; the outputs of a model are told apart by name.
    if (outputs.has(name) && outer.size === 0) fail(`two outputs have the name "${name}"`);
    outputs.add(name);
  }
  for (const { node, shape } of oversizedFills(graph))
    fail(`${label(node)} makes ${shapeText(shape)} values, which no model needs`);
}

function checkTensor(tensor: TensorProto, what: string, fail: Fail): void {
  if (tensor.dims.some((dim) => dim < 0n)) fail(`${what} has a negative dimension`);
  const elements = elementCount(tensor.dims);
  if (elements === undefined) return fail(`${what} has the shape ${shapeText(tensor.dims)}, which no memory can hold`);
  if (tensor.dataType === DataType.UNDEFINED) fail(`${what} has no element type`);
  if (DataType[tensor.dataType] === undefined) fail(`${what}: element type ${tensor.dataType} does not exist`);
  if (isExternal(tensor)) {
    if (tensor.dataType === DataType.STRING) fail(`${what} holds text, which cannot lie in another file`);
    const place = externalLocation(tensor);
    if ("problem" in place) fail(`${what} ${place.problem}`);
    return;
  }
  if (tensor.dataType === DataType.STRING) {
    if (tensor.stringData.length !== elements)
      fail(`${what} holds ${tensor.stringData.length} strings, its shape asks for ${elements}`);
    return;
  }
  const typed = typedLength(tensor);
  if (tensor.rawData.length === 0 && typed > 0) {
    const wanted =
      tensor.dataType === DataType.COMPLEX64 || tensor.dataType === DataType.COMPLEX128 ? 2 * elements : elements;
    // 4-bit values are packed into int32 entries in a way that varies between exporters; only whole-width types are counted.
    if (typed !== wanted && byteLength(tensor.dataType, 2) !== 1)
      fail(`${what} holds ${typed} values, its shape ${shapeText(tensor.dims)} asks for ${wanted}`);
    return;
  }
  const wanted = byteLength(tensor.dataType, elements);
  if (wanted !== undefined && tensor.rawData.length !== wanted)
    fail(`${what} holds ${tensor.rawData.length} bytes, its shape ${shapeText(tensor.dims)} asks for ${wanted}`);
}

const typedLength = (tensor: TensorProto) =>
  tensor.floatData.length +
  tensor.int32Data.length +
  tensor.int64Data.length +
  tensor.doubleData.length +
  tensor.uint64Data.length;
