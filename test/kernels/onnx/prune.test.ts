import { expect } from "chai";
import { makeModel, makeNode, makeTensor, makeValueInfo, prune } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";

describe("pruning", () => {
  const branch = makeModel({
    nodes: [makeNode("Neg", ["x"], ["inner"], {}, "in the branch")],
    inputs: [],
    outputs: [makeValueInfo("inner")],
  }).graph;
  const model = makeModel({
    nodes: [
      makeNode("Mul", ["x", "w"], ["a"], {}, "kept"),
      makeNode("Mul", ["x", "unused"], ["b"], {}, "dead"),
      makeNode("Exp", ["b"], ["c"], {}, "dead too"),
      makeNode("Add", ["a", "x"], ["y"], {}, "last"),
    ],
    inputs: [makeValueInfo("x", "float32", [1]), makeValueInfo("spare", "float32", [1])],
    outputs: [makeValueInfo("y")],
    initializers: [makeTensor("w", float32([1], [1])), makeTensor("unused", float32([1], [1]))],
  });

  it("drops nodes and weights that no output needs and keeps every input", () => {
    const { graph } = prune(model);
    expect(graph.node.map((node) => node.name)).to.deep.equal(["kept", "last"]);
    expect(graph.initializer.map((tensor) => tensor.name)).to.deep.equal(["w"]);
    expect(graph.input.map((input) => input.name)).to.deep.equal(["x", "spare"]);
  });

  it("keeps what only the body of a branch reads", () => {
    const branched = makeModel({
      nodes: [makeNode("Exp", ["z"], ["x"], {}, "read by the branch"), makeNode("If", ["flag"], ["y"], {}, "if")],
      inputs: [makeValueInfo("z", "float32", [1]), makeValueInfo("flag", "bool", [])],
      outputs: [makeValueInfo("y")],
    });
    const attribute = makeNode("If", [], [], { then_branch: 0 }).attribute[0];
    branched.graph.node[1].attribute = [{ ...attribute, g: branch }];
    expect(prune(branched).graph.node.map((node) => node.name)).to.deep.equal(["read by the branch", "if"]);
  });
});
