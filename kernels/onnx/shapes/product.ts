import type { TensorType } from "../../tensor.ts";
import { broadcastDims } from "./broadcast-dims.ts";
import type { ShapeRule } from "./shape-call.ts";

export const matMul =
  (result?: TensorType): ShapeRule =>
  (call) => {
    const [a, b] = [call.input(0), call.input(1)];
    const [rows, columns] = [a.dims.length > 1, b.dims.length > 1];
    const [inner, outer] = [a.dims[a.dims.length - 1], b.dims[columns ? b.dims.length - 2 : 0]];
    if (inner !== outer) call.fail(`sizes [${a.dims.join(", ")}] and [${b.dims.join(", ")}] do not multiply`);
    const leading = broadcastDims(call, [a.dims.slice(0, -2), b.dims.slice(0, -2)]);
    const ends = [...(rows ? [a.dims[a.dims.length - 2]] : []), ...(columns ? [b.dims[b.dims.length - 1]] : [])];
    return [{ type: result ?? a.type, dims: [...leading, ...ends] }];
  };

export const gemm: ShapeRule = (call) => {
  const [a, b] = [call.input(0), call.input(1)];
  return [{ type: a.type, dims: [a.dims[call.int("transA", 0)], b.dims[1 - call.int("transB", 0)]] }];
};

export const einsum: ShapeRule = (call) => {
  const operands = call.inputs.map((_, i) => call.input(i));
  const equation = call.text("equation", "").replaceAll(" ", "");
  const [left, right] = equation.split("->");
  const size = new Map<string, number>();
  let hidden: number[] = [];
  left.split(",").forEach((term, k) => {
    const { dims } = operands[k];
    const spread = term.includes("...") ? dims.length - (term.length - 3) : 0;
    const at = term.indexOf("...");
    if (at >= 0) hidden = broadcastDims(call, [hidden, dims.slice(at, at + spread)]);
    const own = at < 0 ? dims : [...dims.slice(0, at), ...dims.slice(at + spread)];
    [...term.replace("...", "")].forEach((letter, axis) =>
      size.set(letter, Math.max(size.get(letter) ?? 0, own[axis])),
    );
  });
  const letters = left.replace(/[^a-zA-Z]/g, "");
  const once = [...new Set(letters)].filter((letter) => letters.split(letter).length === 2).sort();
  const result = right ?? `${left.includes("...") ? "..." : ""}${once.join("")}`;
  const at = result.indexOf("...");
  const sizes = (part: string) => [...part].map((letter) => size.get(letter)!);
  const dims = at < 0 ? sizes(result) : [...sizes(result.slice(0, at)), ...hidden, ...sizes(result.slice(at + 3))];
  return [{ type: operands[0].type, dims }];
};
