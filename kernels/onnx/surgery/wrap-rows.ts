import type { NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { int64 } from "../../tensor.ts";
import type { TensorType } from "../../tensor.ts";
import { makeNode, makeTensor } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { producers, requireGraphName } from "../values.ts";
import { sideValues, type SideValues } from "./side-values.ts";
import { SurgeryError } from "./site-node.ts";
import { valueType, valueTypes } from "./value-types.ts";

/** What changes a site's output row by row can use. */
export interface RowsOfSite extends Pick<SideValues, "given" | "fresh"> {
  /** The output as it was. [.., out] */
  y: string;
  /** The row mask with an axis of size 1 behind it, for broadcasting over the features of y. */
  mask: string;
}

/**
 * Puts nodes behind the output of a site, a projection's or a value's, that tell rows by a mask; readers of the output, in the graph and
 * outside it, see what `change` gives. The mask [batch, tokens] may count the rows of y in another form (y of a Gemm is [batch × tokens, out]).
 * `inputs` that are wanted in half precision are fed in float32 (see sideValues).
 *
 * Throws: UnknownGraphNameError, SurgeryError.
 */
export function wrapRows(
  model: OnnxModel,
  site: Site,
  maskName: string,
  inputs: (type: TensorType) => ValueInfoProto[],
  change: (at: RowsOfSite) => { nodes: NodeProto[]; last: (output: string) => NodeProto },
): OnnxModel {
  const { graph } = model;
  requireGraphName("computed value", site.output, producers(model).keys());
  if (site.kind === "convolution" || site.kind === "packed attention")
    throw new SurgeryError(
      `site ${site.id}: its output is not one row a token. Choose a projection, or the output of a layer.`,
    );
  const type = valueType(valueTypes(model), site.output);
  const side = sideValues(model, inputs(type));
  const twice = side.inputs.find(({ name }) => graph.input.some((input) => input.name === name));
  if (twice) throw new SurgeryError(`site ${site.id}: the graph already has an input "${twice.name}". Add it once.`);
  const y = side.fresh(`${site.output}/base`);
  const mask = maskLike(y, side.given(maskName), side.fresh);
  const { nodes, last } = change({ y, mask: mask.output, ...side });
  return withGraph(model, {
    node: graph.node.flatMap((node) =>
      node.output.includes(site.output)
        ? [
            shallowCopy(node, { output: node.output.map((name) => (name === site.output ? y : name)) }),
            ...side.nodes,
            ...mask.nodes,
            ...nodes,
            last(site.output),
          ]
        : [node],
    ),
    input: [...graph.input, ...side.inputs],
    initializer: [...graph.initializer, ...mask.initializers],
  });
}

/** Shapes: mask [batch, tokens] becomes [.., 1] with the leading sizes of y [.., out]. */
function maskLike(y: string, mask: string, fresh: (wish: string) => string) {
  const [sizes, rows, like, spread] = ["sizes", "rows", "shape", "spread"].map((part) => fresh(`${mask}:${part}`));
  const [zero, one, end] = ["0", "1", "-1"].map((number) => fresh(`${mask}:${number}`));
  const initializers: TensorProto[] = [[zero, 0] as const, [one, 1] as const, [end, -1] as const].map(([name, value]) =>
    makeTensor(name, int64([value], [1])),
  );
  const nodes = [
    makeNode("Shape", [y], [sizes], {}, sizes),
    makeNode("Slice", [sizes, zero, end], [rows], {}, rows),
    makeNode("Concat", [rows, one], [like], { axis: 0 }, like),
    makeNode("Reshape", [mask, like], [spread], {}, spread),
  ];
  return { nodes, initializers, output: spread };
}
