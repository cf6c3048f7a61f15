// Run by exit-guard.test.ts: exits with code 3 in the middle of a run.
import { makeModel, makeNode, makeTensor, makeValueInfo, writeModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32 } from "../../../kernels/tensor.ts";

const SIZE = 1024;
const model = makeModel({
  nodes: Array.from({ length: 60 }, (_, i) =>
    makeNode("MatMul", [i ? `h${i}` : "x", "w"], [i === 59 ? "y" : `h${i + 1}`]),
  ),
  inputs: [makeValueInfo("x", "float32", ["n", SIZE])],
  outputs: [makeValueInfo("y", "float32", ["n", SIZE])],
  initializers: [makeTensor("w", float32(new Float32Array(SIZE * SIZE), [SIZE, SIZE]))],
});
const runtime = await Runtime.start("cpu");
const session = await runtime.open(writeModel(model), "slow");
const run = session.run({ x: float32(new Float32Array(SIZE * SIZE), [SIZE, SIZE]) });
run.then(() => console.log("the run ended too early for this test"));
await new Promise((resolve) => setTimeout(resolve, 60));
process.exit(3);
