import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { bodyNames } from "./body-graphs.ts";
import { makeNode, makeTensor } from "./builder.ts";
import { type OnnxModel, shallowCopy, withGraph } from "./graph.ts";
import { prune } from "./prune.ts";
import { placeNodes } from "./scoped-copy.ts";
import { tensorOf } from "./tensor-of.ts";
import { declared, requireGraphName, valueNames } from "./values.ts";

/** Bodies nest no deeper: the format's reader stops at 100 levels. */
const DEEPEST = 100;

/**
 * Fixes boolean inputs of a model and replaces every `If` that then knows its condition by the branch it takes. The inputs vanish
 * from the model, as does everything that only the other branches needed; all other inputs stay, read or not.
 *
 * Example: resolveIf(mergedDecoder, { use_cache_branch: false }) is the decoder that reads a prompt without a cache.
 * Throws: UnknownGraphNameError for an input that the model does not have.
 */
export function resolveIf(model: OnnxModel, fixed: Readonly<Record<string, boolean>>): OnnxModel {
  const names = model.graph.input.map((input) => input.name);
  for (const name of Object.keys(fixed)) requireGraphName("input", name, names);
  const values = Object.entries(fixed).map(([name, value]) => {
    const dims = declared(model.graph.input.find((input) => input.name === name)!).dims ?? [];
    const shape = dims.map((dim) => (typeof dim === "number" ? dim : 1));
    const size = shape.reduce((product, dim) => product * dim, 1);
    return makeTensor(name, { type: "bool", dims: shape, data: new Uint8Array(size).fill(value ? 1 : 0) });
  });
  let result = withGraph(model, {
    input: model.graph.input.filter((input) => !(input.name in fixed)),
    initializer: [...model.graph.initializer.filter((tensor) => !(tensor.name in fixed)), ...values],
  });
  for (let depth = 0; depth < DEEPEST; depth++) {
    const taken = branchesTaken(result);
    if (taken.size === 0) break;
    result = inlineBranches(result, taken);
  }
  return prune(result);
}

/** The branch of every `If` at the top level whose condition cannot vary. */
function branchesTaken({ graph }: OnnxModel): Map<NodeProto, GraphProto> {
  const known = new Map<string, boolean>();
  const inputs = new Set(graph.input.map((input) => input.name));
  for (const tensor of graph.initializer) if (!inputs.has(tensor.name)) learn(tensor, tensor.name, known);
  const taken = new Map<NodeProto, GraphProto>();
  for (const node of graph.node) {
    if (node.opType === "If" && !node.domain) {
      const condition = known.get(node.input[0]);
      const wanted = condition ? "then_branch" : "else_branch";
      const branch = node.attribute.find((attribute) => attribute.name === wanted)?.g;
      if (condition !== undefined && branch) taken.set(node, branch);
      continue;
    }
    const value = booleanOf(node, known);
    if (value !== undefined) known.set(node.output[0], value);
    else if (node.opType === "Constant" && node.attribute[0]?.t) learn(node.attribute[0].t, node.output[0], known);
  }
  return taken;
}

const BOOL = 9;

function learn(tensor: TensorProto, name: string, known: Map<string, boolean>): void {
  if (tensor.dataType === BOOL && tensor.dims.every((dim) => dim === 1n))
    known.set(name, tensorOf(tensor).data[0] === 1);
}

/** What exporters put between a flag and its `If`. */
function booleanOf(node: NodeProto, known: ReadonlyMap<string, boolean>): boolean | undefined {
  const first = known.get(node.input[0]);
  if (node.domain || first === undefined) return undefined;
  if (["Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Flatten"].includes(node.opType)) return first;
  if (node.opType === "Not") return !first;
  const second = known.get(node.input[1]);
  if (second === undefined) return undefined;
  if (node.opType === "And") return first && second;
  if (node.opType === "Or") return first || second;
  return undefined;
}

function inlineBranches(model: OnnxModel, taken: ReadonlyMap<NodeProto, GraphProto>): OnnxModel {
  const used = valueNames(model);
  for (const node of model.graph.node) if (!taken.has(node)) for (const name of bodyNames(node)) used.add(name);
  const fresh = (wish: string) => {
    let name = wish;
    for (let i = 2; used.has(name); i++) name = `${wish}~${i}`;
    used.add(name);
    return name;
  };
  const initializer = [...model.graph.initializer];
  const valueInfo: ValueInfoProto[] = [...model.graph.valueInfo];
  const node = model.graph.node.flatMap((each) => {
    const branch = taken.get(each);
    if (!branch) return [each];
    // Names of weights first: the branch's nodes read them. Both branches of a merged export use the same names, so they mostly stay.
    const bound = new Map<string, string>();
    for (const tensor of branch.initializer) {
      bound.set(tensor.name, fresh(tensor.name));
      initializer.push(shallowCopy(tensor, { name: bound.get(tensor.name)! }));
    }
    const made = new Set(branch.node.flatMap((inner) => inner.output));
    const passed: { from: string; to: string }[] = [];
    branch.output.forEach(({ name }, i) => {
      const to = each.output[i];
      if (!to) return;
      // A branch may hand out a value of the graph around it, or the same value twice.
      if (made.has(name) && !bound.has(name)) bound.set(name, to);
      else passed.push({ from: bound.get(name) ?? name, to });
    });
    const renamed = new Map(bound);
    const own = (name: string) => {
      const given = fresh(name);
      renamed.set(name, given);
      return given;
    };
    const nodes = placeNodes(branch.node, { bound, fresh: own, nodeName: (name) => name });
    for (const info of branch.valueInfo)
      if (renamed.has(info.name)) valueInfo.push(shallowCopy(info, { name: renamed.get(info.name)! }));
    return [...nodes, ...passed.map(({ from, to }) => makeNode("Identity", [from], [to]))];
  });
  return withGraph(model, { node, initializer, valueInfo });
}
