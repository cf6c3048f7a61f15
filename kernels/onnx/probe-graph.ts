import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";

const FLOAT = 1;

/** A model of one node, y = x + x over a vector, used to prove that a device computes and not merely exists. */
export function probeGraph(): Uint8Array {
  const vector = {
    value: {
      case: "tensorType" as const,
      value: { elemType: FLOAT, shape: { dim: [{ value: { case: "dimParam" as const, value: "n" } }] } },
    },
  };
  const model = create(ModelProtoSchema, {
    irVersion: 9n,
    opsetImport: [{ domain: "", version: 17n }],
    graph: {
      name: "probe",
      node: [{ opType: "Add", input: ["x", "x"], output: ["y"] }],
      input: [{ name: "x", type: vector }],
      output: [{ name: "y", type: vector }],
    },
  });
  return toBinary(ModelProtoSchema, model);
}
