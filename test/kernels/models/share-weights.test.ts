import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { shareWeights } from "../../../kernels/models/share-weights.ts";
import { internalBytes, makeModel, makeNode, makeTensor, makeValueInfo } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { newFolder } from "../onnx/external-model.ts";

const MB = 2 ** 20;

const modelOf = (megabytes: number) =>
  makeModel({
    nodes: [makeNode("Add", ["x", "w"], ["y"])],
    inputs: [makeValueInfo("x", "float32", [1])],
    outputs: [makeValueInfo("y", "float32", [(megabytes * MB) / 4])],
    initializers: [makeTensor("w", float32(new Float32Array((megabytes * MB) / 4), [(megabytes * MB) / 4]))],
  });

describe("sharing weights", () => {
  it("leaves a small model alone, and asks for no folder", () => {
    const model = modelOf(8);
    const never = () => {
      throw new Error("asked for a folder");
    };
    expect(shareWeights(model, never, "weights.bin")).to.equal(model);
  });

  it("moves the weights of a large model to a data file", () => {
    const folder = newFolder();
    const moved = shareWeights(modelOf(64), () => folder, "weights.bin");
    expect(internalBytes(moved)).to.equal(0);
    expect(statSync(join(folder, "weights.bin")).size).to.equal(64 * MB);
    rmSync(folder, { recursive: true });
  });
});
