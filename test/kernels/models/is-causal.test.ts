import { expect } from "chai";
import { isCausal } from "../../../kernels/models/is-causal.ts";
import { makeModel, makeNode, makeTensor, makeValueInfo, writeModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { int64 } from "../../../kernels/tensor.ts";
import { phantomDecoder } from "../onnx/phantom-decoder.ts";

/** A running sum over tokens, from the front or from the back. */
const sums = (reverse: number) =>
  makeModel({
    nodes: [makeNode("CumSum", ["inputs_embeds", "axis"], ["logits"], { reverse })],
    inputs: [makeValueInfo("inputs_embeds", "float32", ["batch", "tokens", 6])],
    outputs: [makeValueInfo("logits", "float32", ["batch", "tokens", 6])],
    initializers: [makeTensor("axis", int64([1], []))],
  });

describe("whether a decoder is causal", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  for (const [reverse, what] of [
    [0, "is, where tokens are read from the front"],
    [1, "is not, where they are read from the back"],
  ] as const)
    it(what, async () => {
      await using session = await runtime.open(writeModel(sums(reverse)), "sums");
      expect(await isCausal(session)).to.equal(reverse === 0);
    });

  it("is, of the embedded model", async () => {
    await using session = await runtime.open(writeModel(phantomDecoder()), "phantom");
    expect(await isCausal(session)).to.equal(true);
  });
});
