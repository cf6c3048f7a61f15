import type { NodeProto, ValueInfoProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";
import type { TensorType } from "../../tensor.ts";
import { makeNode } from "../builder.ts";
import { isFloat } from "../element-type.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { dequantisedName } from "../lowering/dequantised-name.ts";
import { ValueFacts } from "../lowering/value-facts.ts";
import type { Site } from "../sites.ts";
import { initializerMap, producers, requireGraphName } from "../values.ts";
import { behindReplacements } from "./replacement-name.ts";
import { sideValues, type SideValues } from "./side-values.ts";

/** Cause: an edit is asked for twice at one place, or at a projection of another model. Handled by: the caller. */
export class SurgeryError extends UserFacingError {}

/** What a term added to a projection's output can use. */
export interface SiteTerm extends Pick<SideValues, "given" | "fresh"> {
  /** The projection's input x. [.., in] */
  x: string;
}

/**
 * Adds a term to the output of a site: y becomes y + term(x). Readers of y, in the graph and outside it, see the sum; rows that are
 * replaced there (see replaceRows) stay as they are replaced. `inputs` that are wanted in half precision are fed in float32 (see sideValues).
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
  const y = behindReplacements(producers(model), site.id, site.output);
  const { x, type } = placeOfTerm(model, { ...site, output: y });
  const index = graph.node.findIndex((node) => node.output[0] === y);
  const node = graph.node[index];
  const side = sideValues(model, inputs(type));
  for (const input of side.inputs)
    if (graph.input.some((existing) => existing.name === input.name))
      throw new SurgeryError(
        `site ${site.id}: the graph already has an input "${input.name}". Add each side input once.`,
      );
  const base = side.fresh(`${y}/base`);
  const { nodes, output } = term({ x, ...side });
  const sum = makeNode("Add", [base, output], [y], {}, `${output}/Add`);
  const list = [...graph.node];
  list.splice(index, 1, shallowCopy(node, { output: [base, ...node.output.slice(1)] }), ...side.nodes, ...nodes, sum);
  return withGraph(model, { node: list, input: [...graph.input, ...side.inputs] });
}

/** The value that goes into a site, behind the rows that are replaced and the terms that are added there. Throws: as `addToSite`. */
export const inputOfSite = (model: OnnxModel, site: Site): string =>
  placeOfTerm(model, { ...site, output: behindReplacements(producers(model), site.id, site.output) }).x;

/** What a term at a site reads: of a product of integers, whose result is scaled back to floats, x before it was quantised. */
function placeOfTerm(model: OnnxModel, site: Site): { x: string; type: TensorType } {
  if (scalesIntegers(model, site)) return { x: site.input, type: new ValueFacts(model).type(site.input) };
  const multiplies = siteProduct(model, site);
  return { x: multiplies.input[0], type: weightType(model, site, multiplies) };
}

/** Whether the output of a site is a product of integers, cast and scaled, behind the terms that were added to it before. */
function scalesIntegers(model: OnnxModel, site: Site): boolean {
  const made = producers(model);
  let node = made.get(site.output);
  while (node?.opType === "Add") node = made.get(node.input[0]);
  if (node?.opType !== "Mul" || site.kind !== "projection") return false;
  return node.input.some((input) => {
    const cast = made.get(input);
    return cast?.opType === "Cast" && made.get(cast.input[0])?.opType === "MatMulInteger";
  });
}

/** The node that multiplies x by the weight of a site. Throws: UnknownGraphNameError, SurgeryError. */
export function siteProduct(model: OnnxModel, site: Site): NodeProto {
  const made = producers(model);
  requireGraphName("computed value", site.output, made.keys());
  const found = productBehind(model, made.get(site.output)!);
  if (!found) throw new SurgeryError(`site ${site.id}: ${reasonAgainst(site)}`);
  return found;
}

/** Why no term can be added to the output of a site. */
function reasonAgainst({ kind, quantised }: Site): string {
  if (kind !== "projection") return `it is a ${NOUNS[kind]}. Choose a projection.`;
  return quantised
    ? `its product is one of integers (${quantised}). Rewrite the model with lower(model) first; the site stays the same.`
    : "its product is fused with other steps. Rewrite the model with lower(model) first; the site stays the same.";
}

const NOUNS: Record<Site["kind"], string> = {
  projection: "projection",
  "packed attention": "packed projection inside an attention operator",
  convolution: "convolution",
  embedding: "look-up in a table",
  value: "value without a weight",
};

// Where each kind of projection keeps what gives its element type: the weight, or the scales of a quantised one.
const TYPED_BY: Record<string, number> = { MatMul: 1, Gemm: 1, MatMulNBits: 2 };

/** The product of a site, behind the sums of terms that were added to it before. */
export function projection(model: OnnxModel, node: NodeProto): NodeProto {
  const found = productBehind(model, node);
  if (!found)
    throw new SurgeryError(
      `value "${node.output[0]}": not the output of a projection. Take sites from findSites of this model.`,
    );
  return found;
}

function productBehind(model: OnnxModel, node: NodeProto): NodeProto | undefined {
  const made = producers(model);
  let found: NodeProto | undefined = node;
  while (found?.opType === "Add") found = made.get(found.input[0]);
  return found && found.opType in TYPED_BY ? found : undefined;
}

/** Whether terms can be added to a site: a product with a weight, however that is stored. */
export function takesTerms(model: OnnxModel, site: Site): boolean {
  if (scalesIntegers(model, site)) return true;
  const node = site.kind === "projection" ? producers(model).get(site.output) : undefined;
  return node !== undefined && productBehind(model, node) !== undefined;
}

/** Element type of the site's weight, which may meanwhile have become an input (see lift) or a float weight (see lower). */
export function weightType(model: OnnxModel, site: Site, multiplies: NodeProto): TensorType {
  const names = new Set([...initializerMap(model).keys(), ...model.graph.input.map((input) => input.name)]);
  if (!names.has(dequantisedName(site.weight))) requireGraphName("weight", site.weight, names);
  const type = new ValueFacts(model).type(multiplies.input[TYPED_BY[multiplies.opType]]);
  if (!isFloat(type))
    throw new SurgeryError(
      `site ${site.id}: its weight is not a float tensor. Use an unquantised export of the model.`,
    );
  return type;
}
