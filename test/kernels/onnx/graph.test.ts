import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  cloneModel,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  OnnxFormatError,
  readModel,
  tensorOf,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

const WHERE = "model.onnx";
const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";

const small = (change: (parts: Parameters<typeof makeModel>[0]) => void = () => {}): OnnxModel => {
  const parts = {
    nodes: [makeNode("MatMul", ["x", "w"], ["h"], {}, "first"), makeNode("Add", ["h", "b"], ["y"], {}, "second")],
    inputs: [makeValueInfo("x", "float32", ["n", 2])],
    outputs: [makeValueInfo("y", "float32", ["n", 3])],
    initializers: [makeTensor("w", float32([1, 2, 3, 4, 5, 6], [2, 3])), makeTensor("b", float32([1, 2, 3], [3]))],
  };
  change(parts);
  return makeModel(parts);
};

const refusal = (bytes: Uint8Array): string => {
  try {
    readModel(bytes, WHERE);
  } catch (error) {
    expect(error).to.be.instanceOf(OnnxFormatError);
    return (error as Error).message;
  }
  throw new Error("the model was accepted");
};

describe("reading and writing models", () => {
  it("a written model reads back the same", () => {
    const bytes = writeModel(small());
    expect(Buffer.compare(writeModel(readModel(bytes, WHERE)), bytes)).to.equal(0);
  });

  it("a model cut at any byte is refused as damaged, with the file and what to do", () => {
    const bytes = writeModel(small());
    for (let length = 0; length < bytes.length; length++)
      expect(refusal(bytes.subarray(0, length))).to.match(
        /^model\.onnx: not a valid ONNX model: .*\. Download the file again or re-export the model\.$/,
      );
  });

  it("bytes of another kind are refused", () => {
    for (const text of [
      "<!DOCTYPE html><html></html>",
      "version https://git-lfs.github.com/spec/v1",
      "\0\0\0\0",
      "PK\u0003\u0004",
    ])
      expect(refusal(Buffer.from(text))).to.contain("not a valid ONNX model");
  });

  it("a weight that is shorter than its shape is named", () => {
    const model = small((parts) => {
      const short = makeTensor("w", float32([1, 2, 3, 4, 5, 6], [2, 3]));
      short.rawData = short.rawData.subarray(0, 20);
      parts.initializers![0] = short;
    });
    expect(refusal(writeModel(model))).to.contain('weight "w" holds 20 bytes, its shape [2, 3] asks for 24');
  });

  it("a constant inside a node that is shorter than its shape is named", () => {
    const value = makeTensor("", int64([1, 2], [2]));
    value.rawData = value.rawData.subarray(0, 8);
    const model = small((parts) => parts.nodes.unshift(makeNode("Constant", [], ["c"], { value }, "third")));
    expect(refusal(writeModel(model))).to.contain('attribute "value" of node "third" (Constant) holds 8 bytes');
  });

  it("a node that reads a value nothing produces is named", () => {
    expect(refusal(writeModel(small((parts) => parts.nodes.shift())))).to.contain(
      'node "second" (Add) reads "h", which nothing before it produces',
    );
  });

  it("an output that nothing produces is named", () => {
    expect(refusal(writeModel(small((parts) => parts.nodes.pop())))).to.contain('nothing produces the output "y"');
  });

  it("a value that is produced twice is named", () => {
    expect(
      refusal(writeModel(small((parts) => parts.nodes.push(makeNode("Neg", ["h"], ["y"], {}, "third"))))),
    ).to.contain('produces "y" a second time');
  });

  it("a clone can be changed without changing the model, and shares the weights", () => {
    const model = small();
    const copy = cloneModel(model);
    copy.graph.node[0].input[0] = "other";
    copy.graph.node.pop();
    expect(model.graph.node.map((node) => node.input[0])).to.deep.equal(["x", "h"]);
    expect(copy.graph.initializer[0].rawData).to.equal(model.graph.initializer[0].rawData);
  });

  it("values are copied out of the file image, at any byte offset", () => {
    const file = Buffer.concat([Buffer.from([0]), Buffer.from(writeModel(small()))]).subarray(1);
    const model = readModel(file, WHERE);
    const weight = tensorOf(model.graph.initializer[0]);
    expect(Array.from(weight.data as Float32Array)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    (weight.data as Float32Array).fill(0);
    expect(Array.from(tensorOf(model.graph.initializer[0]).data as Float32Array)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });
});

describeWithShared("reading a real decoder", [DECODER], () => {
  const bytes = () => readFileSync(shared(DECODER));

  it("reads and writes it byte for byte", () => {
    expect(Buffer.compare(writeModel(readModel(bytes(), WHERE)), bytes())).to.equal(0);
  });

  it("refuses it cut at forty-two lengths", () => {
    const whole = bytes();
    const even = Array.from({ length: 37 }, (_, i) => Math.floor((whole.length * i) / 37));
    for (const length of [...even, 1, 7, whole.length - 1, whole.length - 2, whole.length - 9])
      refusal(whole.subarray(0, length));
  });
});
