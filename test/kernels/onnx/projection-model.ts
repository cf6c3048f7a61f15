import { findSites, makeModel, makeNode, makeTensor, makeValueInfo } from "../../../kernels/onnx/index.ts";
import type { OnnxModel, Site } from "../../../kernels/onnx/index.ts";
import { seededValues } from "./seeded-values.ts";

/** h = x·W1 (a MatMul), z = tanh h, y = z·W2' + c (a Gemm with a transposed weight). Shapes: x [n, 3], y [n, 2]. */
export function projectionModel(type: "float32" | "float64" = "float32"): {
  model: OnnxModel;
  first: Site;
  second: Site;
} {
  const model = makeModel({
    nodes: [
      makeNode("MatMul", ["x", "W1"], ["h"], {}, "/layers.0/mlp/fc1/MatMul"),
      makeNode("Tanh", ["h"], ["z"], {}, "/layers.0/mlp/act"),
      makeNode("Gemm", ["z", "W2", "c"], ["y"], { transB: 1 }, "/layers.0/mlp/fc2/Gemm"),
    ],
    inputs: [makeValueInfo("x", type, ["n", 3])],
    outputs: [makeValueInfo("y", type, ["n", 2])],
    initializers: [
      makeTensor("W1", seededValues(type, [3, 4], 1, 1)),
      makeTensor("W2", seededValues(type, [2, 4], 1, 2)),
      makeTensor("c", seededValues(type, [2], 1, 3)),
    ],
  });
  const [first, second] = findSites(model);
  return { model, first, second };
}
