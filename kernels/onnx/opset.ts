import { UserFacingError } from "../errors.ts";
import { everyNode } from "./body-graphs.ts";
import { shallowCopy } from "./graph.ts";
import type { OnnxModel } from "./graph.ts";

/** Cause: the model is written in operators too old to be differentiated. Handled by: the user, who exports it again. */
export class OpsetError extends UserFacingError {}

export const isStandard = (domain: string) => domain === "" || domain === "ai.onnx";

/** Version of the standard operator set; 0 when the model names none. */
export const opsetOf = (model: OnnxModel): number =>
  Number(model.opsetImport.find((set) => isStandard(set.domain))?.version ?? 0);

// Between 13 and 16 these alone changed what they compute (ONNX Changelog); all others only gained types and optional attributes.
const CHANGED_SINCE_13 = new Set(["BatchNormalization", "RoiAlign"]);
const OLDEST = 13;

/**
 * The same model, relabelled with at least operator set `version` (16 at most).
 *
 * Throws: OpsetError below 13 (Softmax, Squeeze and Split meant something else) and for operators whose meaning changed.
 */
export function raiseOpset(model: OnnxModel, version: 16): OnnxModel {
  const now = opsetOf(model);
  if (now >= version) return model;
  if (now < OLDEST)
    throw new OpsetError(
      `operator set ${now}: gradients need ${OLDEST} or later. Export the model again with opset_version=17.`,
    );
  const changed = everyNode(model.graph).find((node) => isStandard(node.domain) && CHANGED_SINCE_13.has(node.opType));
  if (changed)
    throw new OpsetError(
      `node "${changed.name || changed.output[0]}": ${changed.opType} changed its meaning after operator set ${now}. Export the model again with opset_version=17.`,
    );
  return shallowCopy(model, {
    opsetImport: model.opsetImport.map((set) =>
      isStandard(set.domain) ? shallowCopy(set, { version: BigInt(version) }) : set,
    ),
  });
}
