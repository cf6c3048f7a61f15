import { expect } from "chai";
import type { NodeProto } from "onnx-buf";
import { UnknownNameError } from "../../../../kernels/errors.ts";
import { shallowCopy } from "../../../../kernels/onnx/graph.ts";
import {
  dequantisedName,
  lower,
  LoweringError,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  writeModel,
} from "../../../../kernels/onnx/index.ts";
import type { FusedOp, OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";
import { fusedModel } from "./lowering-case.ts";
import { LOWERING_CASES } from "./lowering-cases.ts";
import { randomBytes } from "./lowering-cases-quantised.ts";

const microsoft = (node: NodeProto) => shallowCopy(node, { domain: "com.microsoft" });
const nbits = (i: number) =>
  microsoft(
    makeNode(
      "MatMulNBits",
      [i ? `h${i - 1}` : "x", `w${i}`, `s${i}`],
      [`m${i}`],
      { K: 16, N: 16, bits: 4, block_size: 16 },
      `layer ${i}`,
    ),
  );

/** Layers of a 4-bit product and a GELU, h0 to h2. */
function layers(): OnnxModel {
  const initializers: Record<string, Tensor> = {};
  const nodes: NodeProto[] = [];
  for (let i = 0; i < 3; i++) {
    initializers[`w${i}`] = randomBytes("uint8", [16, 1, 8], 20 + i);
    initializers[`s${i}`] = float32(new Float32Array(16).fill(0.05), [16]);
    nodes.push(nbits(i), microsoft(makeNode("QuickGelu", [`m${i}`], [`h${i}`], {}, `activation ${i}`)));
  }
  return withMicrosoft(
    makeModel({
      nodes,
      inputs: [makeValueInfo("x", "float32", ["batch", 16])],
      outputs: [makeValueInfo("h2")],
      initializers: Object.entries(initializers).map(([name, tensor]) => makeTensor(name, tensor)),
    }),
  );
}

const withMicrosoft = (model: OnnxModel): OnnxModel => {
  const standard = model.opsetImport[0];
  return shallowCopy(model, {
    opsetImport: [standard, shallowCopy(standard, { domain: "com.microsoft", version: 1n })],
  });
};

const ops = (model: OnnxModel) => model.graph.node.map((node) => node.opType);
const weights = (model: OnnxModel) => model.graph.initializer.map((tensor) => tensor.name);

describe("lower", () => {
  it("keeps the names of all values and leaves the model itself untouched", async () => {
    const model = layers();
    const before = writeModel(model);
    const lowered = lower(model);
    expect(Buffer.from(writeModel(model)).equals(Buffer.from(before))).to.equal(true);
    const made = new Set(lowered.graph.node.flatMap((node) => node.output));
    for (const name of ["m0", "h0", "m1", "h1", "m2", "h2"]) expect(made.has(name), name).to.equal(true);
    const feeds = { x: seededValues("float32", [3, 16], 1, 2) };
    expectNear((await runGraph(lowered, feeds)).h2.data, (await runGraph(model, feeds)).h2.data, "lowered", "h2");
  });

  it("returns the very model where nothing is fused", () => {
    const plain = lower(layers());
    expect(lower(plain)).to.equal(plain);
  });

  it("replaces quantised weights by float ones of their own names, and drops them", () => {
    expect(weights(lower(layers())).filter((name) => /w\d|s\d/.test(name))).to.deep.equal(
      [0, 1, 2].map((i) => dequantisedName(`w${i}`)),
    );
  });

  it("leaves nodes before all targets as they are, quantised weights included", () => {
    const lowered = lower(layers(), { targets: ["h1"] });
    expect(ops(lowered).slice(0, 4)).to.deep.equal(["MatMulNBits", "QuickGelu", "MatMulNBits", "QuickGelu"]);
    expect(ops(lowered).slice(4)).to.not.include("MatMulNBits");
    expect(weights(lowered)).to.include("w1").and.not.include(dequantisedName("w1"));
  });

  it("lowers all that follows a target", () => {
    expect(ops(lower(layers(), { targets: ["h0"] })).filter((op) => /MatMulNBits|QuickGelu/.test(op))).to.deep.equal([
      "MatMulNBits",
      "QuickGelu",
    ]);
  });

  it("lowers the reader of a quantised weight that is a target", () => {
    const lowered = lower(layers(), { targets: [dequantisedName("w1")] });
    expect(weights(lowered)).to.include(dequantisedName("w1")).and.include("w0");
    expect(ops(lowered).slice(0, 2)).to.deep.equal(["MatMulNBits", "QuickGelu"]);
  });

  it("lowers only what is named, and offers the nearest name for a wrong one", () => {
    expect(ops(lower(layers(), { only: ["QuickGelu"] })).filter((op) => op === "MatMulNBits")).to.have.length(3);
    expect(() => lower(layers(), { only: ["MatMulNbits" as FusedOp] })).to.throw(UnknownNameError, /"MatMulNBits"/);
  });

  it("makes one float weight of a quantised one that two nodes read", () => {
    const model = layers();
    const again = shallowCopy(nbits(1), { input: ["h1", "w0", "s0"] });
    model.graph.node[4] = shallowCopy(again, { output: ["m2"] });
    expect(weights(lower(model)).filter((name) => name.startsWith(dequantisedName("w0")))).to.have.length(1);
  });

  const refused: [string, FusedOp, Record<string, number>, RegExp][] = [
    ["transposed batches", "FusedMatMul", { transBatchA: 1 }, /node "node under test": FusedMatMul transposes batch axes\. Export/],
    ["rotation inside Attention", "Attention", { do_rotary: 1 }, /Attention rotates inside/],
    ["3-bit weights", "MatMulNBits", { bits: 3 }, /weights of 3 bits/],
  ]; // prettier-ignore
  for (const [title, op, attributes, message] of refused)
    it(`refuses ${title}, by node and with a way out`, () => {
      const test = LOWERING_CASES.find((candidate) => candidate.op === op)!;
      const model = fusedModel({ ...test, attributes: { ...test.attributes, ...attributes } });
      expect(() => lower(model)).to.throw(LoweringError, message);
    });
});
