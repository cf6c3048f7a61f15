import { expect } from "chai";
import { FUSED_OPS } from "../../../../kernels/onnx/lowering/fused-op.ts";
import type { FusedOp } from "../../../../kernels/onnx/lowering/fused-op.ts";
import { BOUNDS } from "../near.ts";
import { checkForward, checkGradient } from "./check-lowering.ts";
import { targetsOf } from "./lowering-case.ts";
import { LOWERING_CASES } from "./lowering-cases.ts";

// These work with the nodes around them, so quantised-chains.test.ts checks them as exporters write them.
const IN_CHAINS: FusedOp[] = ["ConvInteger", "DynamicQuantizeLinear", "MatMulInteger", "QuantizeLinear"];

describe("lowerings", () => {
  it("every fused operator has cases", () => {
    const tested = new Set([...LOWERING_CASES.map((test) => test.op), ...IN_CHAINS]);
    expect(FUSED_OPS.filter((op) => !tested.has(op))).to.deep.equal([]);
  });

  for (const test of LOWERING_CASES) {
    it(`${test.op}, ${test.title}: forward equals the fused operator's at ${test.runs.length} shapes`, async () => {
      expect(await checkForward(test)).to.be.at.most(BOUNDS.lowered);
    });
    if (targetsOf(test).length)
      it(`${test.op}, ${test.title}: gradient agrees with differences of the fused operator`, async () => {
        expect(await checkGradient(test)).to.be.at.most(BOUNDS.differenceFused);
      });
  }
});
