import type { NodeProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";

/**
 * Cause: type or sizes of a value cannot be told without running the graph: an operator without shape rule, or sizes that depend on
 * contents which are not known. Handled by: the caller, who lowers the graph first or traces it by running it (see trace).
 */
export class ShapeInferenceError extends UserFacingError {
  readonly opType: string;
  readonly node: string;

  constructor(node: NodeProto, problem: string, action: string) {
    const opType = node.domain ? `${node.domain}.${node.opType}` : node.opType;
    super(`node "${node.name || node.output[0]}" (${opType}): ${problem}. ${action}.`);
    this.opType = opType;
    this.node = node.name;
  }
}
