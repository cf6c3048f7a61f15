import type { NodeProto } from "onnx-buf";
import type { Tensor } from "../../tensor.ts";
import { floatAttribute, intAttribute } from "../attributes.ts";
import { makeNode, makeTensor } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { makeFloats } from "../lowering/float-weight.ts";
import { prune } from "../prune.ts";
import type { Site } from "../sites.ts";
import { siteWeight } from "../site-weight.ts";
import { freshNames } from "../values.ts";
import { siteProduct, SurgeryError, weightType } from "./site-node.ts";

/**
 * Adds a delta to the weight of a site for good: y = x·W becomes y = x·(W + delta), as in `dense` but without an input, so that the
 * model can be saved and used anywhere. Other readers of the weight (a tied embedding) keep the old one; a 4 or 8-bit weight becomes
 * a float one. The result equals the same edit as a side input but for rounding.
 *
 * Shapes: delta [in, out].
 * Throws: UnknownGraphNameError, SurgeryError, WeightValuesError.
 */
export function merge(model: OnnxModel, site: Site, delta: Tensor<Float32Array>): OnnxModel {
  if (delta.dims.length !== 2 || delta.dims[0] !== site.in || delta.dims[1] !== site.out)
    throw new SurgeryError(
      `site ${site.id}: the delta has shape [${delta.dims.join(", ")}]. Give one of shape [${site.in}, ${site.out}].`,
    );
  const product = siteProduct(model, site);
  const fresh = freshNames(model);
  const weight = fresh(`${site.id}:weight`);
  const old = siteWeight(model, site).data;
  const { columns, transposed, factor } = layout(product, site);
  const values = makeFloats(weightType(model, site, product), transposed ? [site.out, site.in] : [site.in, site.out], (i) => {
    const at = transposed ? (i % columns) * site.out + Math.floor(i / columns) : i;
    return old[at] + delta.data[at] / factor;
  }); // prettier-ignore
  const { graph } = model;
  return prune(
    withGraph(model, {
      node: graph.node.flatMap((node) => (node === product ? withWeight(node, weight, fresh) : [node])),
      initializer: [...graph.initializer, makeTensor(weight, values)],
    }),
  );
}

/** How a Gemm reads its weight; every other product has it as [in, out]. */
function layout(node: NodeProto, site: Site) {
  const gemm = node.opType === "Gemm";
  const transposed = gemm && intAttribute(node, "transB", 0) === 1;
  return { transposed, columns: transposed ? site.in : site.out, factor: gemm ? floatAttribute(node, "alpha", 1) : 1 };
}

function withWeight(node: NodeProto, weight: string, fresh: (wish: string) => string): NodeProto[] {
  if (node.opType !== "MatMulNBits") return [shallowCopy(node, { input: node.input.with(1, weight) })];
  const [x, bias] = [node.input[0], node.input[5]];
  if (!bias) return [makeNode("MatMul", [x, weight], node.output, {}, node.name)];
  const product = fresh(`${weight}:product`);
  return [
    makeNode("MatMul", [x, weight], [product], {}, node.name),
    makeNode("Add", [product, bias], node.output, {}, fresh(`${node.name}/bias`)),
  ];
}
