import type { ShapeRule } from "./shape-call.ts";

export const dynamicQuantizeLinear: ShapeRule = (call) => [
  { type: "uint8", dims: call.input(0).dims },
  { type: "float32", dims: [] },
  { type: "uint8", dims: [] },
];

export const quantizeLinear: ShapeRule = (call) => [
  { type: call.has(2) ? call.input(2).type : "uint8", dims: call.input(0).dims },
];

export const dequantizeLinear: ShapeRule = (call) => [{ type: call.input(1).type, dims: call.input(0).dims }];
