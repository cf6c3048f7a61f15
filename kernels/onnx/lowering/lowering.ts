import type { NodeProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

/** What a lowering is given. Names are names of values in the graph. */
export interface LoweringCall {
  g: LoweringBuilder;
  /** The fused node. */
  node: NodeProto;
  /** Its inputs; "" or undefined where an optional one is left out. */
  x: readonly (string | undefined)[];
  /** Its outputs; "" or undefined where an optional one is left out. */
  y: readonly (string | undefined)[];
}

/**
 * Rewrites one fused node: emits standard nodes that give its outputs under their own names. The forward result equals the fused
 * operator's but for rounding.
 */
export type Lowering = (call: LoweringCall) => void;

/** Cause: a fused operator is used in a form that cannot be rewritten here. Handled by: the user, who changes the export. */
export class LoweringError extends UserFacingError {
  constructor(node: NodeProto, problem: string, action: string) {
    super(`node "${node.name || node.output[0]}": ${node.opType} ${problem}. ${action}.`);
  }
}
