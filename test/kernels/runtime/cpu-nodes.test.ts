import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { makeModel, makeNode, makeValueInfo, writeModel } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32, type Tensor } from "../../../kernels/tensor.ts";
import { newFolder } from "../onnx/external-model.ts";
import { expectNear } from "../onnx/near.ts";
import { seededValues } from "../onnx/seeded-values.ts";
import { onSoftwareWebgpu, useSoftwareWebgpu } from "../software-webgpu.ts";

const angles = makeModel({
  nodes: [makeNode("Cos", ["x"], ["cos"]), makeNode("Sin", ["x"], ["sin"], {}, "waves"), makeNode("Neg", ["x"], ["minus"])], // prettier-ignore
  inputs: [makeValueInfo("x", "float32", ["n"])],
  outputs: ["cos", "sin", "minus"].map((name) => makeValueInfo(name, "float32", ["n"])),
});

const four = [undefined, undefined, undefined, undefined];
const logical = (opType: string) =>
  makeModel({
    nodes: [makeNode(opType, ["a", "b"], ["y"], {}, "mask")],
    inputs: ["a", "b"].map((name) => makeValueInfo(name, "bool", four)),
    outputs: [makeValueInfo("y", "bool", four)],
  });
const size = (dims: readonly number[]) => dims.reduce((product, length) => product * length, 1);
const booleans = (dims: readonly number[], seed: number): Tensor => ({
  type: "bool",
  dims,
  data: Uint8Array.from(seededValues("float32", [size(dims)], 1, seed).data as Float32Array, (value) => Number(value > 0)), // prettier-ignore
});

function attention(softcap: number): OnnxModel {
  const attributes = { num_heads: 2, kv_num_heads: 1, softcap: { float: softcap } };
  const node = makeNode("GroupQueryAttention", ["q", "k", "v", "", "", "last", "total"], ["y"], attributes, "attend");
  node.domain = "com.microsoft";
  const model = makeModel({
    nodes: [node],
    inputs: [
      makeValueInfo("q", "float32", [1, 5, 32]),
      makeValueInfo("k", "float32", [1, 5, 16]),
      makeValueInfo("v", "float32", [1, 5, 16]),
      makeValueInfo("last", "int32", [1]),
      makeValueInfo("total", "int32", []),
    ],
    outputs: [makeValueInfo("y", "float32", [1, 5, 32])],
  });
  return { ...model, opsetImport: [...model.opsetImport, { ...model.opsetImport[0], domain: "com.microsoft", version: 1n }] }; // prettier-ignore
}

describe(onSoftwareWebgpu("nodes that a WebGPU session leaves to the CPU"), () => {
  useSoftwareWebgpu();
  let cpu: Runtime;
  let gpu: Runtime;
  before(async () => {
    cpu = await Runtime.start("cpu");
    gpu = await Runtime.start("webgpu");
  });
  after(async () => {
    await cpu?.dispose();
    await gpu?.dispose();
  });

  const both = async (model: OnnxModel, feeds: Record<string, Tensor>) => {
    await using one = await cpu.open(writeModel(model), "on the CPU");
    await using other = await gpu.open(writeModel(model), "on WebGPU");
    expect(one.cpuNodes).to.deep.equal([]);
    return { wanted: await one.run(feeds), got: await other.run(feeds), nodes: other.cpuNodes };
  };

  it("cosine and sine are as good as on the CPU at any angle, and nodes without a name get one", async () => {
    const x = float32([0.1, 2, 3, -40, 500, 4095], [6]);
    const { wanted, got, nodes } = await both(angles, { x });
    for (const name of ["cos", "sin", "minus"]) expectNear(got[name].data, wanted[name].data, "float32", name);
    expect(nodes).to.deep.equal([
      { name: "on-cpu:Cos:0", why: "WebGPU's cosine and sine are good to three digits only" },
      { name: "waves", why: "WebGPU's cosine and sine are good to three digits only" },
    ]);
  });

  it("so they are in a file, which is left as it is", async () => {
    const folder = newFolder();
    try {
      const file = join(folder, "model.onnx");
      writeFileSync(file, writeModel(angles));
      await using session = await gpu.open(file, "file");
      expect(session.cpuNodes.map((node) => node.name)).to.deep.equal(["on-cpu:Cos:0", "waves"]);
      const { cos } = await session.run({ x: float32([500], [1]) });
      expectNear(cos.data, [Math.cos(500)], "float32", "cos");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const [operator, onCpu] of Object.entries({ And: ["mask"], Or: [], Xor: [], Equal: [] }))
    it(`${operator} of booleans is right whatever shapes it met before`, async () => {
      const met = [
        [[2, 1, 8, 1], [2, 1, 1, 8]],
        [[1, 1, 8, 8], [2, 1, 1, 8]],
        [[2, 1, 8, 8], [2, 1, 1, 1]],
        [[2, 1, 1, 8], [2, 1, 8, 1]],
      ]; // prettier-ignore
      for (const [a, b] of met) {
        const { wanted, got } = await both(logical(operator), { a: booleans(a, 1), b: booleans(b, 2) });
        expect([...got.y.data], `${a.join("x")} with ${b.join("x")}`).to.deep.equal([...wanted.y.data]);
      }
      await using session = await gpu.open(writeModel(logical(operator)), operator);
      expect(session.cpuNodes.map((node) => node.name)).to.deep.equal(onCpu);
    });

  for (const softcap of [0, 0.5])
    it(`attention with ${softcap ? "capped scores, which run" : "free scores, which do not run"} on the CPU`, async () => {
      const feeds = {
        q: seededValues("float32", [1, 5, 32], 2, 1),
        k: seededValues("float32", [1, 5, 16], 2, 2),
        v: seededValues("float32", [1, 5, 16], 2, 3),
        last: { type: "int32", dims: [1], data: Int32Array.of(4) } as Tensor,
        total: { type: "int32", dims: [], data: Int32Array.of(5) } as Tensor,
      };
      const { wanted, got, nodes } = await both(attention(softcap), feeds);
      expectNear(got.y.data, wanted.y.data, "float32", "y");
      expect(nodes).to.deep.equal(
        softcap ? [{ name: "attend", why: "WebGPU leaves out the cap of the attention scores" }] : [],
      );
    });
});
