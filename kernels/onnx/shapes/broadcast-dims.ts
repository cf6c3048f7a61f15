import type { ShapeCall } from "./shape-call.ts";

/** Sizes that several operands broadcast to. */
export function broadcastDims(call: ShapeCall, operands: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...operands.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const dims of operands) {
      const own = dims[axis - rank + dims.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) call.fail(`sizes [${operands.map((each) => each.join(", ")).join("] and [")}] do not broadcast`);
      size = own;
    }
    return size;
  });
}
