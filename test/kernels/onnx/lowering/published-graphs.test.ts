import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { NodeProto } from "onnx-buf";
import {
  crossEntropy,
  dense,
  denseInputName,
  exampleFeeds,
  feedInputs,
  findSites,
  gradientGraph,
  inferTrace,
  lower,
  readModel,
} from "../../../../kernels/onnx/index.ts";
import type { Trace } from "../../../../kernels/onnx/index.ts";
import { fusedOp } from "../../../../kernels/onnx/lowering/fused-op.ts";
import { singlePrecision } from "../../../../kernels/onnx/lowering/single-precision.ts";
import { floatEdges } from "../../../../kernels/onnx/surgery/float-edges.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";

const FOLDER = "models/onnx-graph-only/gemma3-4b-vlm";
const SIZES = {
  batch_size: 2,
  sequence_length: 3,
  past_sequence_length: 0,
  total_sequence_length: 3,
  height: 896,
  width: 896,
};
const SAME_TYPE = new Set(["Add", "Sub", "Mul", "Div", "MatMul", "Concat", "Max", "Min", "Where"]);

/** Types of the operands that must agree. */
const operandTypes = (node: NodeProto, trace: Trace) =>
  new Set(node.input.slice(node.opType === "Where" ? 1 : 0).map((input) => trace.get(input)!.type));

// The files hold no weights, so nothing runs: this shows that real exports lower, and that types and shapes fit together.
describeWithShared("lowering of a 4-billion-parameter model as published", [FOLDER], () => {
  for (const file of ["decoder_model_merged", "vision_encoder"])
    for (const precision of ["", "_fp16"])
      it(`${file}${precision}: nothing fused is left, operands agree in type, and a gradient graph is made`, () => {
        const model = lower(readModel(readFileSync(shared(FOLDER, `${file}${precision}.onnx`)), file));
        expect(model.graph.node.filter(fusedOp).map((node) => node.opType)).to.deep.equal([]);
        const trace = inferTrace(model, exampleFeeds(model, SIZES));
        for (const node of model.graph.node)
          if (SAME_TYPE.has(node.opType)) expect(operandTypes(node, trace).size, node.name).to.equal(1);
        const [target] = feedInputs(model).map((input) => input.name).filter((name) => /embeds|pixel/.test(name)); // prettier-ignore
        const [output] = model.graph.output;
        const backward = gradientGraph(model, { outputs: [output.name], targets: [target], trace, keep: [] });
        expect(backward.graph.node.length).to.be.above(model.graph.node.length);
      });

  it("decoder_model_merged_fp16: behind an edit everything becomes float32, and a gradient graph is made", () => {
    const file = "decoder_model_merged_fp16";
    const model = readModel(readFileSync(shared(FOLDER, `${file}.onnx`)), file);
    const site = findSites(model).find(({ id }) => id === "layers.30.mlp.down_proj")!;
    const delta = denseInputName(site.id);
    const edited = floatEdges(dense(model, site), (name) => name.includes("."));
    const single = singlePrecision(lower(crossEntropy(edited), { targets: [delta] }), [delta]);
    const trace = inferTrace(single, exampleFeeds(single, { ...SIZES, num_logits_to_keep: 3 }));
    const reached = new Set([delta]);
    for (const { input, output } of single.graph.node)
      if (input.some((name) => reached.has(name))) output.forEach((name) => reached.add(name));
    expect([...reached].filter((name) => trace.get(name)?.type === "float16")).to.deep.equal([]);
    const backward = gradientGraph(single, { loss: "loss", targets: [delta], trace });
    expect(backward.graph.node.length).to.be.above(single.graph.node.length);
  });
});
