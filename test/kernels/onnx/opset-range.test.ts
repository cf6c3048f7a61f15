import { expect } from "chai";
import {
  exampleFeeds,
  gradientGraph,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  opsetOf,
  readModel,
  trace,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { int64, type Tensor } from "../../../kernels/tensor.ts";
import { openGraph, runGraph } from "./run-graph.ts";
import { seededValues } from "./seeded-values.ts";

/**
 * A small encoder written as exporters of that operator set write it: what changed its form between 13 and 21 is in it (axes of
 * reductions and of Pad, outputs of Split, LayerNormalization from 17, Gelu from 20).
 */
function network(opset: number): OnnxModel {
  const mean = (input: string, output: string) =>
    opset < 18
      ? makeNode("ReduceMean", [input], [output], { axes: [-1] })
      : makeNode("ReduceMean", [input, "last"], [output]);
  const ints = (name: string, ...values: number[]) => makeTensor(name, int64(values, [values.length]));
  const normal =
    opset < 17
      ? [
          mean("x", "mean"),
          makeNode("Sub", ["x", "mean"], ["centred"]),
          makeNode("Mul", ["centred", "centred"], ["squares"]),
          mean("squares", "variance"),
          makeNode("Add", ["variance", "epsilon"], ["above"]),
          makeNode("Sqrt", ["above"], ["deviation"]),
          makeNode("Div", ["centred", "deviation"], ["normal"]),
        ]
      : [makeNode("LayerNormalization", ["x", "ones"], ["normal"], { axis: -1, epsilon: { float: 1e-3 } })];
  const activation =
    opset < 20
      ? [makeNode("Tanh", ["wide"], ["active"])]
      : [makeNode("Gelu", ["wide"], ["active"], { approximate: "tanh" })];
  return makeModel({
    opset,
    nodes: [
      ...normal,
      makeNode("MatMul", ["normal", "w"], ["wide"]),
      ...activation,
      opset < 18
        ? makeNode("Split", ["active", "halves"], ["a", "b"], { axis: -1 })
        : makeNode("Split", ["active"], ["a", "b"], { axis: -1, num_outputs: 2 }),
      makeNode("Softmax", ["a"], ["p"], { axis: -1 }),
      makeNode("Mul", ["p", "b"], ["gated"]),
      opset < 18
        ? makeNode("Pad", ["gated", "pads"], ["padded"])
        : makeNode("Pad", ["gated", "lastPads", "", "last"], ["padded"]),
      makeNode("ReduceSum", ["padded", "last"], ["sums"], { keepdims: 0 }),
      makeNode("Unsqueeze", ["sums", "last"], ["column"]),
      makeNode("Squeeze", ["column", "last"], ["flat"]),
      mean("padded", "means"),
      makeNode("Squeeze", ["means", "last"], ["flatMeans"]),
      makeNode("Add", ["flat", "flatMeans"], ["y"]),
    ],
    inputs: [makeValueInfo("x", "float64", ["n", 4]), makeValueInfo("w", "float64", [4, 6])],
    outputs: [makeValueInfo("y", "float64", ["n"])],
    initializers: [
      ints("last", -1),
      ints("halves", 3, 3),
      ints("pads", 0, 1, 0, 2),
      ints("lastPads", 1, 2),
      makeTensor("epsilon", { type: "float64", dims: [], data: Float64Array.of(1e-3) }),
      makeTensor("ones", { type: "float64", dims: [4], data: new Float64Array(4).fill(1) }),
    ],
  });
}

describe("operator sets 13 to 21", () => {
  for (let opset = 13; opset <= 21; opset++)
    it(`${opset}: reads, writes and differentiates, at another size than the traced one`, async () => {
      const model = readModel(writeModel(network(opset)), "model.onnx");
      expect(opsetOf(model)).to.equal(opset);
      const traced = await trace(model, exampleFeeds(model, { n: 4 }), runGraph);
      const backward = gradientGraph(model, { outputs: ["y"], targets: ["x", "w"], trace: traced });
      const feeds: Record<string, Tensor> = {
        x: seededValues("float64", [3, 4], 1, 1),
        w: seededValues("float64", [4, 6], 1, 2),
      };
      const cotangent = seededValues("float64", [3], 1, 3);
      const results = await runGraph(backward, { ...feeds, "cotangent:y": cotangent });
      const forward = await openGraph(model);
      const loss = async (at: Record<string, Tensor>) => {
        const y = (await forward.run(at)).y.data as Float64Array;
        return y.reduce((sum, value, i) => sum + value * (cotangent.data[i] as number), 0);
      };
      for (const name of ["x", "w"]) {
        const { data, dims } = feeds[name];
        const direction = seededValues("float64", dims, 1, 4).data as Float64Array;
        const moved = (h: number) => ({
          ...feeds,
          [name]: {
            type: "float64" as const,
            dims,
            data: Float64Array.from(data as Float64Array, (value, i) => value + h * direction[i]),
          },
        });
        const numeric = ((await loss(moved(1e-5))) - (await loss(moved(-1e-5)))) / 2e-5;
        const gradient = results[`grad:${name}`].data as Float64Array;
        const analytic = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
        expect(analytic).to.be.closeTo(numeric, 1e-7 * Math.max(1, Math.abs(numeric)));
        expect(Math.abs(numeric)).to.be.greaterThan(1e-4);
      }
      await forward.release();
    });
});
