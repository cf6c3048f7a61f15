import { makeNode, makeValueInfo } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { gradientName } from "../gradients/vjp.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { SurgeryError } from "../surgery/site-node.ts";
import { declared, freshNames, requireGraphName, valueNames } from "../values.ts";

export const LOSS_SCALE = "loss_scale";
export const SCALED_LOSS = "scaled_loss";

/**
 * Multiplies the loss by a factor, so that the small gradients of a half-precision model do not vanish (below 6e-8). Differentiate
 * `scaled_loss`, then divide the gradients by the factor again: see unscaleGradients.
 *
 * New input: `loss_scale` [], float32. New output: `scaled_loss` [], in the type of the loss. The loss itself stays as it is.
 * Throws: UnknownGraphNameError when the graph has no such loss; SurgeryError when it is scaled already.
 */
export function scaleLoss(model: OnnxModel, loss = "loss"): OnnxModel {
  const names = valueNames(model);
  requireGraphName("value", loss, names);
  if (names.has(LOSS_SCALE))
    throw new SurgeryError(`loss "${loss}": the graph already has a value "${LOSS_SCALE}". Scale the loss once.`);
  const { graph } = model;
  const info = graph.output.find((output) => output.name === loss);
  const type = (info && declared(info).type) ?? "float32";
  const cast = freshNames(model)(`${LOSS_SCALE}:${type}`);
  const factor = type === "float32" ? LOSS_SCALE : cast;
  return withGraph(model, {
    node: [
      ...graph.node,
      ...(factor === cast ? [makeNode("Cast", [LOSS_SCALE], [cast], { to: elementTypes[type] }, cast)] : []),
      makeNode("Mul", [loss, factor], [SCALED_LOSS], {}, SCALED_LOSS),
    ],
    input: [...graph.input, makeValueInfo(LOSS_SCALE, "float32", [])],
    output: [...graph.output, makeValueInfo(SCALED_LOSS, type, [])],
  });
}

/**
 * Divides the gradients of a graph whose loss is scaled by the factor again, in float32: the outputs keep their names and become
 * float32, where small gradients are at home. A gradient that overflowed stays infinite or NaN (see LossScale).
 *
 * Throws: UnknownGraphNameError for a target without gradient output, and for a graph whose loss is not scaled.
 */
export function unscaleGradients(backward: OnnxModel, targets: readonly string[], name = gradientName): OnnxModel {
  const { graph } = backward;
  requireGraphName("input", LOSS_SCALE, graph.input.map((input) => input.name)); // prettier-ignore
  const outputs = graph.output.map((output) => output.name);
  const wanted = new Map(
    targets.map((target) => [requireGraphName("output", name(target), outputs), `${name(target)}/scaled`]),
  );
  const added = [...wanted].flatMap(([output, scaled]) => {
    const single = `${output}/single`;
    return [
      makeNode("Cast", [scaled], [single], { to: elementTypes.float32 }, single),
      makeNode("Div", [single, LOSS_SCALE], [output], {}, `${output}/unscaled`),
    ];
  });
  const renamed = (names: string[]) => names.map((each) => wanted.get(each) ?? each);
  return withGraph(backward, {
    node: [
      ...graph.node.map((node) =>
        [...node.input, ...node.output].some((each) => wanted.has(each))
          ? shallowCopy(node, { input: renamed(node.input), output: renamed(node.output) })
          : node,
      ),
      ...added,
    ],
    output: graph.output.map((output) =>
      wanted.has(output.name) ? makeValueInfo(output.name, "float32", declared(output).dims) : output,
    ),
  });
}
