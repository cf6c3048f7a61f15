import { create } from "@bufbuild/protobuf";
import { type AttributeProto, type FunctionProto, type NodeProto, OperatorSetIdProtoSchema } from "onnx-buf";
import { bodyGraphs } from "./body-graphs.ts";
import { OnnxFormatError } from "./format-error.ts";
import { type OnnxModel, shallowCopy, withGraph } from "./graph.ts";
import { placeNodes } from "./scoped-copy.ts";
import { validateModel } from "./validate.ts";
import { freshNames } from "./values.ts";

/** A graph with more nodes is no model: a few functions that call each other can ask for any number. */
const MOST_NODES = 1_000_000;
const DEEPEST = 100;
/** Names of calls inside calls grow with every level; their ends are what tells them apart. */
const LONGEST_LABEL = 256;

const key = (domain: string, name: string, overload: string) =>
  `${domain === "ai.onnx" ? "" : domain}::${name}::${overload}`;

/**
 * Replaces every call of a function that the model defines itself by the function's body, also inside branches, loops and other
 * functions, so that sites and gradients see operators only. A model without functions is returned as it is.
 *
 * Throws: OnnxFormatError for functions that call themselves, grow without bound, or need another operator set version than the model.
 */
export function inlineFunctions(model: OnnxModel, where: string): OnnxModel {
  if (model.functions.length === 0) return model;
  const functions = new Map(model.functions.map((each) => [key(each.domain, each.name, each.overload), each]));
  const fail = (problem: string): never => {
    throw new OnnxFormatError(where, problem);
  };
  const fresh = freshNames(model);
  let count = 0;

  const expand = (nodes: readonly NodeProto[], calling: readonly FunctionProto[]): NodeProto[] =>
    nodes.flatMap((node) => {
      if (++count > MOST_NODES) fail(`its functions unfold to more than ${MOST_NODES} nodes`);
      const body = functions.get(key(node.domain, node.opType, node.overload));
      if (!body) return [bodyGraphs(node).length ? insideBodies(node, calling) : node];
      if (calling.includes(body)) fail(`its function "${body.name}" calls itself`);
      if (calling.length === DEEPEST) fail(`its functions call each other more than ${DEEPEST} deep`);
      return expand(call(node, body, fresh), [...calling, body]);
    });

  const insideBodies = (node: NodeProto, calling: readonly FunctionProto[]): NodeProto =>
    shallowCopy(node, {
      attribute: node.attribute.map((each) =>
        each.g || each.graphs.length
          ? shallowCopy(each, {
              g: each.g && shallowCopy(each.g, { node: expand(each.g.node, calling) }),
              graphs: each.graphs.map((graph) => shallowCopy(graph, { node: expand(graph.node, calling) })),
            })
          : each,
      ),
    });

  const inlined = shallowCopy(withGraph(model, { node: expand(model.graph.node, []) }), {
    functions: [],
    opsetImport: unitedOpsets(model, fail),
  });
  validateModel(inlined, where);
  return inlined;
}

/** The body of one call, its names and attributes those of the call. */
function call(node: NodeProto, body: FunctionProto, fresh: (wish: string) => string): NodeProto[] {
  // Trailing arguments may be left out: they are empty names inside, as optional inputs are.
  const bound = new Map(body.input.map((name, i) => [name, node.input[i] ?? ""]));
  const passed: { from: string; to: string }[] = [];
  const made = new Set(body.node.flatMap((inner) => inner.output));
  body.output.forEach((name, i) => {
    const to = node.output[i];
    if (!to) return;
    // An output may be an argument passed through, or one value under two names: those need a node of their own.
    if (made.has(name) && !bound.has(name)) bound.set(name, to);
    else passed.push({ from: bound.get(name) ?? name, to });
  });
  const given = new Map(node.attribute.map((each) => [each.name, each]));
  const defaults = new Map(body.attributeProto.map((each) => [each.name, each]));
  const attribute = (each: AttributeProto): AttributeProto | undefined => {
    if (!each.refAttrName) return each;
    const value = given.get(each.refAttrName) ?? defaults.get(each.refAttrName);
    return value && named(value, each.name);
  };
  const label = (node.name || node.output.find(Boolean) || body.name).slice(-LONGEST_LABEL);
  const nodes = placeNodes(body.node, {
    bound,
    fresh: (name) => fresh(`${label}/${name}`),
    nodeName: (name) => (name ? `${label}/${name}` : ""),
    attribute,
  });
  return [...nodes, ...passed.map(({ from, to }) => identity(from, to, node))];
}

/** The same value under another name. Deleted, not emptied: a present field says that the attribute refers to another, whatever it holds. */
function named(value: AttributeProto, name: string): AttributeProto {
  const copy = shallowCopy(value, { name });
  delete (copy as Partial<AttributeProto>).refAttrName;
  return copy;
}

const identity = (from: string, to: string, like: NodeProto): NodeProto =>
  shallowCopy(like, {
    opType: "Identity",
    domain: "",
    overload: "",
    name: "",
    input: [from],
    output: [to],
    attribute: [],
  });

function unitedOpsets(model: OnnxModel, fail: (problem: string) => never) {
  const normal = (domain: string) => (domain === "ai.onnx" ? "" : domain);
  const versions = new Map(model.opsetImport.map((set) => [normal(set.domain), set.version]));
  const own = new Set(model.functions.map((each) => normal(each.domain)));
  for (const body of model.functions)
    for (const { domain, version } of body.opsetImport) {
      const name = normal(domain);
      const before = versions.get(name);
      if (before !== undefined && before !== version && !own.has(name))
        fail(
          `its function "${body.name}" is written in version ${version} of operator set "${name || "ai.onnx"}", the graph in version ${before}`,
        );
      if (before === undefined) versions.set(name, version);
    }
  return [...versions].map(([domain, version]) => create(OperatorSetIdProtoSchema, { domain, version }));
}
