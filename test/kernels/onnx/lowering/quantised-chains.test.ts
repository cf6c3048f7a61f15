import { expect } from "chai";
import type { NodeProto } from "onnx-buf";
import {
  cotangentName,
  gradientGraph,
  gradientName,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  MissingGradientRuleError,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { dequantisedName } from "../../../../kernels/onnx/lowering/dequantised-name.ts";
import { lower } from "../../../../kernels/onnx/lowering/index.ts";
import { LoweringError } from "../../../../kernels/onnx/lowering/lowering.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";
import { randomBytes } from "./lowering-cases-quantised.ts";

const [ROWS, COLUMNS, SCALE] = [6, 4, 0.03];
const floats = (tensor: Tensor) => Array.from(tensor.data as Float32Array);

const chain = (nodes: NodeProto[], initializers: Record<string, Tensor>): OnnxModel =>
  makeModel({
    nodes,
    inputs: [makeValueInfo("x", "float32", ["batch", ROWS])],
    outputs: [makeValueInfo("y")],
    initializers: Object.entries(initializers).map(([name, tensor]) => makeTensor(name, tensor)),
    opset: 17,
  });

const dynamicProduct = (weight: Tensor, zero: Tensor, scale: Tensor): OnnxModel =>
  chain(
    [
      makeNode("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]),
      makeNode("MatMulInteger", ["xq", "w", "xz", "wz"], ["product"]),
      makeNode("Cast", ["product"], ["cast"], { to: 1 }),
      makeNode("Mul", ["xs", "ws"], ["scales"]),
      makeNode("Mul", ["cast", "scales"], ["y"]),
    ],
    { w: weight, wz: zero, ws: scale },
  );

/** Gradients of sum(y·cotangent), with the feeds that made them. */
async function gradients(model: OnnxModel, targets: string[], batch: number) {
  const traced = await trace(model, { x: seededValues("float32", [2, ROWS], 1, 3) }, runGraph);
  const backward = gradientGraph(model, { outputs: ["y"], targets, trace: traced, keep: [] });
  const x = seededValues("float32", [batch, ROWS], 1.5, 4);
  const { y } = await runGraph(model, { x });
  const dy = seededValues("float32", y.dims, 1, 5);
  const results = await runGraph(backward, { x, [cotangentName("y")]: dy });
  return { x, dy, y, gradient: (target: string) => results[gradientName(target)] };
}

const product = (a: number[], b: number[], rows: number, inner: number, columns: number) =>
  Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return Array.from({ length: inner }, (_, k) => a[row * inner + k] * b[k * columns + column]).reduce(
      (s, v) => s + v,
      0,
    );
  });
/** Transpose of a matrix [rows, columns]. */
const turned = (a: number[], rows: number, columns: number) =>
  Array.from({ length: rows * columns }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);

describe("lowering of quantised activations", () => {
  const weight = randomBytes("int8", [ROWS, COLUMNS], 9);
  const scalar = float32([SCALE], []);
  const each = float32([0.02, 0.05, 0.01, 0.03], [COLUMNS]);
  const forms: [string, OnnxModel, (column: number) => number, (column: number) => number][] = [
    ["one scale", dynamicProduct(weight, randomBytes("int8", [], 8), scalar), () => SCALE, () => (randomBytes("int8", [], 8).data as Int8Array)[0]],
    ["a scale a column", dynamicProduct(weight, randomBytes("int8", [COLUMNS], 8), each), (k) => each.data[k], (k) => (randomBytes("int8", [COLUMNS], 8).data as Int8Array)[k]],
  ]; // prettier-ignore
  for (const [title, model, scale, zero] of forms) {
    const matrix = Array.from(weight.data as Int8Array, (q, i) => (q - zero(i % COLUMNS)) * scale(i % COLUMNS));

    it(`dynamic product, ${title}: forward equals the integer product`, async () => {
      for (const batch of [2, 1, 5]) {
        const feeds = { x: seededValues("float32", [batch, ROWS], 1.5, 4) };
        const [wanted, got] = [await runGraph(model, feeds), await runGraph(lower(model), feeds)];
        expectNear(got.y.data, wanted.y.data, "lowered", `batch ${batch}`);
      }
    });

    it(`dynamic product, ${title}: gradients are those of the float product at the rounded activation`, async () => {
      for (const batch of [2, 1]) {
        const { x, dy, gradient } = await gradients(lower(model), ["x", dequantisedName("w")], batch);
        expectNear(gradient("x").data, product(floats(dy), turned(matrix, ROWS, COLUMNS), batch, COLUMNS, ROWS), "float32", "x"); // prettier-ignore
        const [low, high] = [Math.min(0, ...floats(x)), Math.max(0, ...floats(x))];
        const step = (high - low) / 255;
        const rounded = floats(x).map((value) => Math.round(value / step) * step);
        const wanted = product(turned(rounded, batch, ROWS), floats(dy), ROWS, batch, COLUMNS);
        // The zero point is rounded too, and a value half way may go either way.
        const got = floats(gradient(dequantisedName("w")));
        got.forEach((value, i) => expect(value).to.be.closeTo(wanted[i], 2 * step));
      }
    });
  }

  const fixed = (low: number) =>
    chain(
      [
        makeNode("QuantizeLinear", ["x", "s", "z"], ["q"]),
        makeNode("DequantizeLinear", ["q", "s", "z"], ["rounded"]),
        makeNode("DequantizeLinear", ["w", "ws"], ["matrix"], { axis: 1 }),
        makeNode("MatMul", ["rounded", "matrix"], ["y"]),
      ],
      {
        s: float32([low], []),
        z: { type: "uint8", dims: [], data: Uint8Array.of(128) },
        w: weight,
        ws: each,
      },
    );

  it("fixed scales: forward is equal, values in range pass their gradient on and clipped ones do not", async () => {
    const matrix = Array.from(weight.data as Int8Array, (q, i) => q * each.data[i % COLUMNS]);
    // Integers reach from -128 to 127 steps of 0.008: about ±1.02 of values up to 1.5.
    const model = fixed(0.008);
    const { x, y, dy, gradient } = await gradients(lower(model), ["x"], 3);
    expectNear(y.data, (await runGraph(model, { x })).y.data, "lowered", "y");
    const whole = product(floats(dy), turned(matrix, ROWS, COLUMNS), 3, COLUMNS, ROWS);
    const inside = floats(x).map((value) => value > -1.024 && value < 1.016);
    expect(new Set(inside)).to.deep.equal(new Set([true, false]));
    expectNear(gradient("x").data, whole.map((value, i) => (inside[i] ? value : 0)), "float32", "x"); // prettier-ignore
  });

  it("a gradient that would end at unlowered integers is refused, not dropped", async () => {
    const model = fixed(0.02);
    const traced = await trace(model, { x: seededValues("float32", [2, ROWS], 1, 3) }, runGraph);
    expect(() => gradientGraph(model, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      MissingGradientRuleError,
      /QuantizeLinear.*lower\(model\)/,
    );
  });

  it("integers that another operator reads are refused after lowering too", async () => {
    const model = chain(
      [
        makeNode("QuantizeLinear", ["x", "s", "z"], ["q"]),
        makeNode("Transpose", ["q"], ["turned"], { perm: [1, 0] }),
        makeNode("DequantizeLinear", ["turned", "s", "z"], ["rounded"]),
        makeNode("Add", ["rounded", "w"], ["y"]),
      ],
      {
        s: scalar,
        z: { type: "uint8", dims: [], data: Uint8Array.of(128) },
        w: float32(new Float32Array(ROWS), [ROWS, 1]),
      },
    );
    const lowered = lower(model);
    const traced = await trace(lowered, { x: seededValues("float32", [2, ROWS], 1, 3) }, runGraph);
    expect(() => gradientGraph(lowered, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      MissingGradientRuleError,
      /QuantizeLinear/,
    );
  });

  it("dynamic convolution: forward equals the integer one, the gradient that of the float one", async () => {
    const kernel = randomBytes("int8", [4, 3, 2, 2], 12);
    const model = makeModel({
      nodes: [
        makeNode("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]),
        makeNode("ConvInteger", ["xq", "w", "xz", "wz"], ["product"], { strides: [2, 2], pads: [1, 1, 0, 0] }),
        makeNode("Cast", ["product"], ["cast"], { to: 1 }),
        makeNode("Mul", ["xs", "ws"], ["scales"]),
        makeNode("Mul", ["cast", "scales"], ["y"]),
      ],
      inputs: [makeValueInfo("x", "float32", ["batch", 3, 5, 5])],
      outputs: [makeValueInfo("y")],
      initializers: [
        makeTensor("w", kernel),
        makeTensor("wz", { type: "int8", dims: [], data: Int8Array.of(3) }),
        makeTensor("ws", scalar),
      ],
      opset: 17,
    });
    const lowered = lower(model);
    const x = seededValues("float32", [2, 3, 5, 5], 1, 3);
    const { y } = await runGraph(model, { x });
    expectNear((await runGraph(lowered, { x })).y.data, y.data, "lowered", "y");
    const plain = makeModel({
      nodes: [makeNode("Conv", ["x", "w"], ["y"], { strides: [2, 2], pads: [1, 1, 0, 0] })],
      inputs: [makeValueInfo("x", "float32", ["batch", 3, 5, 5])],
      outputs: [makeValueInfo("y")],
      initializers: [
        makeTensor(
          "w",
          float32(
            Array.from(kernel.data as Int8Array, (q) => (q - 3) * SCALE),
            kernel.dims,
          ),
        ),
      ],
      opset: 17,
    });
    const dy = seededValues("float32", y.dims, 1, 5);
    const [got, wanted] = await Promise.all(
      [lowered, plain].map(async (graph) => {
        const traced = await trace(graph, { x }, runGraph);
        const backward = gradientGraph(graph, { outputs: ["y"], targets: ["x"], trace: traced, keep: [] });
        return (await runGraph(backward, { x, [cotangentName("y")]: dy }))[gradientName("x")];
      }),
    );
    expectNear(got.data, wanted.data, "float32", "x");
  });

  it("an integer product without its scales is refused by name", () => {
    const model = chain(
      [
        makeNode("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]),
        makeNode("MatMulInteger", ["xq", "w", "xz"], ["product"], {}, "lonely"),
        makeNode("Cast", ["product"], ["y"], { to: 1 }),
      ],
      { w: weight },
    );
    expect(() => lower(model)).to.throw(LoweringError, /node "lonely": MatMulInteger.*quantize_dynamic/);
  });
});
