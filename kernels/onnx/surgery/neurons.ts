import { makeNode, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import { ValueFacts } from "../lowering/value-facts.ts";
import type { Site } from "../sites.ts";
import { requireGraphName, valueNames } from "../values.ts";
import { mlpActivation } from "./mlp-activation.ts";
import { addToSite, SurgeryError } from "./site-node.ts";

/** Names of the graph inputs that carry neurons added to an MLP. */
export interface NeuronNames {
  keys: string;
  bias: string;
  values: string;
}

/** The names for an MLP whose last projection is the site `downId`. */
export const neuronNames = (downId: string): NeuronNames => ({
  keys: `neurons:${downId}:K`,
  bias: `neurons:${downId}:b`,
  values: `neurons:${downId}:V`,
});

/**
 * Adds neurons to the MLP of a layer: its last projection's output becomes y + act(x·K + b)·V, where x is what the MLP reads and act its own
 * activation (see mlpActivation; the factor of a gated MLP counts as 1 for a new neuron). Values of zeros, and no neurons, give the base
 * model's values.
 *
 * `up`, `down`: the first projection (or either of the two of a gated MLP) and the last, of one layer.
 * `names`: of the inputs; under other names further neurons stand beside the first.
 * Shapes: K [up.in, n], b [n], V [n, down.out]; n may differ from run to run.
 * Throws: SurgeryError when the MLP cannot be read, the sites are of two layers, or the inputs exist already; UnknownGraphNameError.
 * Source: T-Patcher (arXiv 2301.09785), section 3.2, for any activation and number of neurons.
 */
export function neurons(model: OnnxModel, up: Site, down: Site, names: NeuronNames = neuronNames(down.id)): OnnxModel {
  if (up.layer !== down.layer)
    throw new SurgeryError(`neurons: ${up.id} and ${down.id} are of two layers. Choose projections of one MLP.`);
  requireGraphName("value", up.input, valueNames(model));
  const facts = new ValueFacts(model);
  const [rankIn, rankOut] = [facts.rank(up.input), facts.rank(down.input)];
  if (rankIn !== undefined && rankOut !== undefined && rankIn !== rankOut)
    throw new SurgeryError(
      `neurons: ${up.id} reads values of ${rankIn} axes, ${down.id} of ${rankOut}. Choose a model that lays out tokens alike in both.`,
    );
  const activation = mlpActivation(model, down.layer);
  const size = `neurons:${names.keys === neuronNames(down.id).keys ? down.id : names.keys}`;
  return addToSite(
    model,
    down,
    (type) => [
      makeValueInfo(names.keys, type, [up.in, size]),
      makeValueInfo(names.bias, type, [size]),
      makeValueInfo(names.values, type, [size, down.out]),
    ],
    ({ given, fresh }) => {
      const [product, sum, term] = ["xK", "xKb", "term"].map((part) => fresh(`neurons:${down.id}:${part}`));
      const active = activation(sum, fresh);
      return {
        nodes: [
          makeNode("MatMul", [up.input, given(names.keys)], [product], {}, product),
          makeNode("Add", [product, given(names.bias)], [sum], {}, sum),
          ...active.nodes,
          makeNode("MatMul", [active.output, given(names.values)], [term], {}, term),
        ],
        output: term,
      };
    },
  );
}
