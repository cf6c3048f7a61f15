import type { NodeProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";
import { fusedOp } from "../lowering/fused-op.ts";
import type { GradientBuilder } from "./gradient-builder.ts";

/** What a rule is given. Names are names of values in the graph. */
export interface RuleCall {
  g: GradientBuilder;
  /** The forward node. */
  node: NodeProto;
  /** Its inputs; "" where an optional one is left out. */
  x: readonly string[];
  /** Its outputs. */
  y: readonly string[];
  /** Cotangent (gradient of the loss with respect to) the first output. */
  dy: string;
  /** Cotangents of all outputs; undefined where the loss does not depend on one. */
  dys: readonly (string | undefined)[];
}

/**
 * Vector-Jacobian product of one operator: appends nodes to the graph and returns one gradient per input, undefined where none
 * flows. Rules may return gradients that nobody asked for: what is not needed is pruned afterwards.
 */
export type GradientRule = (call: RuleCall) => readonly (string | undefined)[];

/** An operator whose derivative is zero wherever it exists, and why. */
export interface ZeroGradient {
  zero: string;
}

/** An operator that no rule can differentiate, and what the user can do instead. */
export interface RefusedGradient {
  refused: string;
  action: string;
}

const label = (node: NodeProto) => `node "${node.name || node.output[0]}"`;

/** Cause: the loss reaches a target through an operator that has no gradient rule. Handled by: the user, or whoever adds the rule. */
export class MissingGradientRuleError extends UserFacingError {
  readonly opType: string;
  readonly node: string;

  constructor(node: NodeProto) {
    const operator = node.domain ? `${node.domain}.${node.opType}` : node.opType;
    const action = fusedOp(node)
      ? "Rewrite it into standard operators first, with lower(model), and differentiate the result"
      : node.domain
        ? "Load the model's float32 or float16 file if this one is quantised, export it with standard operators only (without the optimiser's fused ones), or choose sites after this node"
        : "Choose sites after this node, or add a rule file to kernels/onnx/gradients and its line to the table";
    super(`${label(node)}: no gradient rule for operator ${operator}. ${action}.`);
    this.opType = node.opType;
    this.node = node.name;
  }
}

/** Cause: an operator is used in a form that its gradient rule does not cover. Handled by: the user, who changes the export. */
export class UnsupportedGradientError extends UserFacingError {
  constructor(node: NodeProto, problem: string, action: string) {
    super(`${label(node)}: ${node.opType} ${problem}, which has no gradient here. ${action}.`);
  }
}
