import type { NodeProto, ValueInfoProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";
import type { TensorType } from "../../tensor.ts";
import { makeNode } from "../builder.ts";
import { isFloat, tensorType } from "../element-type.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { declared, freshNames, initializerMap, producers, requireGraphName } from "../values.ts";

/** Cause: an edit is asked for twice at one place, or at a projection of another model. Handled by: the caller. */
export class SurgeryError extends UserFacingError {}

/** What a term added to a projection's output can use. */
export interface SiteTerm {
  /** The projection's input x. [.., in] */
  x: string;
  type: TensorType;
  fresh: (wish: string) => string;
}

/**
 * Adds a term to the output of a site: y becomes y + term(x). Readers of y, in the graph and outside it, see the sum.
 *
 * Throws: UnknownGraphNameError when the site's node or weight is not in this graph; SurgeryError when an input exists already.
 */
export function addToSite(
  model: OnnxModel,
  site: Site,
  inputs: (type: TensorType) => ValueInfoProto[],
  term: (at: SiteTerm) => { nodes: NodeProto[]; output: string },
): OnnxModel {
  const { graph } = model;
  const index = graph.node.findIndex((node) => node.output[0] === site.output);
  if (index < 0) requireGraphName("computed value", site.output, producers(model).keys());
  const type = weightType(model, site);
  const added = inputs(type);
  for (const input of added)
    if (graph.input.some((existing) => existing.name === input.name))
      throw new SurgeryError(
        `site ${site.id}: the graph already has an input "${input.name}". Add each side input once.`,
      );
  const fresh = freshNames(model);
  const node = graph.node[index];
  const base = fresh(`${site.output}/base`);
  const { nodes, output } = term({ x: projection(model, node).input[0], type, fresh });
  const sum = makeNode("Add", [base, output], [site.output], {}, `${output}/Add`);
  const list = [...graph.node];
  list.splice(index, 1, shallowCopy(node, { output: [base, ...node.output.slice(1)] }), ...nodes, sum);
  return withGraph(model, { node: list, input: [...graph.input, ...added] });
}

/** The MatMul or Gemm of a site, behind the sums of terms that were added to it before. */
export function projection(model: OnnxModel, node: NodeProto): NodeProto {
  const made = producers(model);
  let found: NodeProto | undefined = node;
  while (found?.opType === "Add") found = made.get(found.input[0]);
  if (found?.opType !== "MatMul" && found?.opType !== "Gemm")
    throw new SurgeryError(
      `value "${node.output[0]}": not the output of a projection. Take sites from findSites of this model.`,
    );
  return found;
}

/** Element type of the site's weight, which may meanwhile have become an input (see lift). */
function weightType(model: OnnxModel, site: Site): TensorType {
  const weight = initializerMap(model).get(site.weight);
  const input = model.graph.input.find((candidate) => candidate.name === site.weight);
  if (!weight && !input) requireGraphName("weight", site.weight, initializerMap(model).keys());
  const type = weight ? tensorType(weight.dataType) : declared(input!).type;
  if (!type || !isFloat(type))
    throw new SurgeryError(
      `site ${site.id}: its weight is not a float tensor. Use an unquantised export of the model.`,
    );
  return type;
}
