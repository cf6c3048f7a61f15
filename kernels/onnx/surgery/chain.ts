import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { opsetOf } from "../opset.ts";
import { prune } from "../prune.ts";
import { placeNodes } from "../scoped-copy.ts";
import { feedInputs, freshNames, producers, requireGraphName } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

/**
 * Joins two models into one: values of `first` become inputs of `second`, such as the token embeddings of one graph the
 * `inputs_embeds` of another. Inputs of the same name are one input; the outputs are those of `second`. Names inside `second` stay, so
 * its sites do too.
 *
 * `links`: input of `second` to the value of `first` that it becomes.
 * Throws: UnknownGraphNameError; SurgeryError when the models are written in different operator sets.
 */
export function chain(first: OnnxModel, second: OnnxModel, links: Record<string, string>): OnnxModel {
  if (opsetOf(first) !== opsetOf(second))
    throw new SurgeryError(
      `chain: the models use operator sets ${opsetOf(first)} and ${opsetOf(second)}. Export both with the same opset_version.`,
    );
  const inputs = feedInputs(second).map((input) => input.name);
  const made = producers(first);
  for (const [input, value] of Object.entries(links)) {
    requireGraphName("input", input, inputs);
    requireGraphName("computed value", value, made.keys());
  }
  const fresh = freshNames(second);
  const weights = first.graph.initializer.map((tensor) => ({ tensor, name: fresh(tensor.name) }));
  const ends = new Map(Object.entries(links).map(([input, value]) => [value, input]));
  if (ends.size < Object.keys(links).length)
    throw new SurgeryError(
      "chain: one value is linked to two inputs. Link a copy of it (an Identity node) to the other.",
    );
  const nodes = placeNodes(first.graph.node, {
    bound: new Map([
      ...feedInputs(first).map(({ name }): [string, string] => [name, name]),
      ...weights.map(({ tensor, name }): [string, string] => [tensor.name, name]),
      ...ends,
    ]),
    fresh,
    nodeName: (name) => name && `first:${name}`,
  });
  const given = feedInputs(first);
  const shared = new Set([...given.map((input) => input.name), ...Object.keys(links)]);
  return prune(
    withGraph(shallowCopy(second, { opsetImport: united(first, second) }), {
      node: [...nodes, ...second.graph.node],
      initializer: [...weights.map(({ tensor, name }) => shallowCopy(tensor, { name })), ...second.graph.initializer],
      input: [...given, ...second.graph.input.filter((input) => !shared.has(input.name))],
    }),
  );
}

const united = (first: OnnxModel, second: OnnxModel) => [
  ...second.opsetImport,
  ...first.opsetImport.filter(
    (set) => opsetDomain(set.domain) && !second.opsetImport.some((other) => other.domain === set.domain),
  ),
];

/** The standard set has two names and is in both models. */
const opsetDomain = (domain: string) => domain !== "" && domain !== "ai.onnx";
