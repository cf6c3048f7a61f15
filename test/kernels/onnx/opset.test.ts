import { expect } from "chai";
import { makeModel, makeNode, makeValueInfo, OpsetError, opsetOf } from "../../../kernels/onnx/index.ts";
import { raiseOpset } from "../../../kernels/onnx/opset.ts";

const of = (opset: number, op = "Neg") =>
  makeModel({
    nodes: [makeNode(op, ["x"], ["y"], {}, "the node")],
    inputs: [makeValueInfo("x", "float32", [1])],
    outputs: [makeValueInfo("y")],
    opset,
  });

describe("operator set versions", () => {
  it("14 is raised to 16, 17 stays", () => {
    expect(opsetOf(raiseOpset(of(14), 16))).to.equal(16);
    expect(opsetOf(raiseOpset(of(17), 16))).to.equal(17);
  });
  it("12 is refused: Softmax and Squeeze meant something else", () => {
    expect(() => raiseOpset(of(12), 16)).to.throw(
      OpsetError,
      "operator set 12: gradients need 13 or later. Export the model again with opset_version=17.",
    );
  });
  it("an operator that changed its meaning in between is refused by name", () => {
    expect(() => raiseOpset(of(14, "RoiAlign"), 16)).to.throw(
      OpsetError,
      'node "the node": RoiAlign changed its meaning',
    );
  });
});
