import type { NodeProto, ValueInfoProto } from "onnx-buf";
import { bodyGraphs, everyNode } from "../body-graphs.ts";
import { makeNode, makeValueInfo } from "../builder.ts";
import { RANDOM } from "../constant-values.ts";
import { tensorAttribute } from "../attributes.ts";
import { elementCount } from "../element-count.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { prune, readNames } from "../prune.ts";
import { feedInputs, freshNames, producers, requireGraphName } from "../values.ts";
import { valueType, valueTypes } from "./value-types.ts";

/** A model in two parts that run one after the other. */
export interface Staged {
  /** What does not depend on the varying inputs: run it once. Without nodes and outputs where nothing is carried. */
  fixed: OnnxModel;
  /** Everything else, with all outputs of the model: run it for every value of the varying inputs. */
  rest: OnnxModel;
  /** Values that are outputs of `fixed` and inputs of `rest`, under one name. */
  carried: string[];
}

/**
 * Takes a model apart by what changes from run to run: in the gradient graph of an edit, whatever lies below the edited site is computed
 * once an edit instead of once a step.
 *
 * `varying`: inputs of the graph that change between runs of `rest`. Each part declares the other inputs that it reads, and `rest` all
 * varying ones. Operators that draw at random stay in `rest`. Small constants and what is computed from them are in both; what is computed
 * from weights alone (a cast of a half-precision weight) is carried.
 *
 * Both parts together compute the same numbers, bit for bit unless ONNX Runtime's extended optimisations fuse operators on both sides of the
 * cut (a transposed factor into its product): then rounding differs, by 2e-7 of the largest gradient in the phantom decoder.
 *
 * Throws: UnknownGraphNameError for a name that is no input; SurgeryError for a carried value whose element type the graph does not tell.
 * Source: partial evaluation, as Jones, Gomard and Sestoft 1993, chapter 4 (offline, with the given division of the inputs).
 */
export function stage(model: OnnxModel, varying: readonly string[]): Staged {
  for (const name of varying) requireGraphName("input", name, feedInputs(model).map((input) => input.name)); // prettier-ignore
  const whole = prune(model);
  const { node: nodes, output: outputs } = whole.graph;
  const late = nodesFrom(nodes, varying);
  const early = new Map([...producers(whole)].filter(([, node]) => !late.has(node)));
  const cheap = cheapNodes(whole);
  const needed = new Set(outputs.map((output) => output.name));
  const rest = nodes.filter((node) => late.has(node));
  for (const node of rest) for (const name of readNames(node)) needed.add(name);
  const copied = new Set<NodeProto>();
  // A set goes on to what is added while it is walked: a copied node needs what it reads.
  for (const name of needed) {
    const node = early.get(name);
    if (!node || !cheap.has(node)) continue;
    copied.add(node);
    for (const read of readNames(node)) needed.add(read);
  }
  const types = valueTypes(whole);
  const ends = new Set(outputs.map((output) => output.name));
  const fresh = freshNames(model);
  const links = [...needed]
    .filter((name) => early.has(name) && !copied.has(early.get(name)!))
    // One value cannot be input and output of a graph under one name.
    .map((value) => ({ value, name: ends.has(value) ? fresh(`${value}/fixed`) : value }));
  const renamed = links.filter(({ value, name }) => value !== name);
  const infos = links.map(({ value, name }) => makeValueInfo(name, valueType(types, value)));
  return {
    fixed: withUsedInputs(
      withGraph(whole, {
        node: [
          ...nodes.filter((node) => !late.has(node)),
          ...renamed.map(({ value, name }) => makeNode("Identity", [value], [name], {}, name)),
        ],
        output: infos,
      }),
    ),
    rest: withUsedInputs(
      withGraph(whole, {
        node: [
          ...renamed.map(({ value, name }) => makeNode("Identity", [name], [value], {}, `${name}/Identity`)),
          ...nodes.filter((node) => late.has(node) || copied.has(node)),
        ],
        input: [...whole.graph.input, ...infos],
        // An input is declared once.
        valueInfo: whole.graph.valueInfo.filter(({ name }) => !links.some((link) => link.name === name)),
      }),
      varying,
    ),
    carried: links.map(({ name }) => name),
  };
}

/** The nodes that depend on the given inputs, or draw anew at every run. */
function nodesFrom(nodes: readonly NodeProto[], inputs: readonly string[]): Set<NodeProto> {
  const values = new Set(inputs);
  const found = new Set<NodeProto>();
  for (const node of nodes) {
    if (!draws(node) && !readNames(node).some((name) => values.has(name))) continue;
    found.add(node);
    for (const output of node.output) if (output) values.add(output);
  }
  return found;
}

/** A Dropout draws only where its third input may say that it trains. */
const draws = (node: NodeProto): boolean =>
  [node, ...bodyGraphs(node).flatMap(everyNode)].some(
    ({ opType, input }) => RANDOM.has(opType) && (opType !== "Dropout" || Boolean(input[2])),
  );

/** Nothing is saved by carrying what so few numbers make. */
const SMALL = 1024;

/** Nodes that compute from small constants alone, and constants of any size. */
function cheapNodes({ graph }: OnnxModel): Set<NodeProto> {
  const small = new Set<string>();
  const isSmall = (dims: readonly bigint[]) => (elementCount(dims) ?? Infinity) <= SMALL;
  const replaceable = new Set(graph.input.map((input) => input.name));
  for (const tensor of graph.initializer)
    if (!replaceable.has(tensor.name) && isSmall(tensor.dims)) small.add(tensor.name);
  const cheap = new Set<NodeProto>();
  for (const node of graph.node) {
    if (draws(node) || !readNames(node).every((name) => small.has(name))) continue;
    cheap.add(node);
    const value = node.opType === "Constant" ? tensorAttribute(node, "value") : undefined;
    if (!value || isSmall(value.dims)) for (const output of node.output) small.add(output);
  }
  return cheap;
}

/** Without the nodes, weights and inputs that no output needs; `always` stay. */
function withUsedInputs(model: OnnxModel, always: readonly string[] = []): OnnxModel {
  const pruned = prune(model);
  const { node, output } = pruned.graph;
  const read = new Set([...always, ...output.map(({ name }) => name), ...node.flatMap(readNames)]);
  return withGraph(pruned, { input: pruned.graph.input.filter(({ name }: ValueInfoProto) => read.has(name)) });
}
