import { execFileSync } from "node:child_process";
import { expect } from "chai";

describe("tensors of ONNX Runtime", () => {
  it("keep half precision as bits where there is a Float16Array, which the engine does not read", () => {
    // onnxruntime-common looks for the class once, before its first tensor: a process of its own.
    const program = `
      globalThis.Float16Array ??= class Float16Array extends Uint16Array {};
      const { fromOrt, toOrt } = await import("./kernels/runtime/ort-tensor.ts");
      const { Tensor } = await import("onnxruntime-node");
      const half = { type: "float16", dims: [2], data: Uint16Array.of(0x3c00, 0x4000) };
      const wrapped = new Tensor("float16", half.data, [2]).data;
      const [given, back] = [toOrt(half).data, fromOrt({ type: "float16", dims: [2], data: wrapped })];
      console.log(JSON.stringify([wrapped, given, back.data].map((data) => data.constructor.name)), String(given), String(back.data));
    `;
    const said = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { encoding: "utf8" }); // prettier-ignore
    expect(said.trim()).to.equal('["Float16Array","Uint16Array","Uint16Array"] 15360,16384 15360,16384');
  });
});
