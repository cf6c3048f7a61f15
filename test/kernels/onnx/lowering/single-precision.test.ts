import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { AttributeProto_AttributeType, AttributeProtoSchema, GraphProtoSchema } from "onnx-buf";
import { crossEntropy, dense, denseInputName, exampleShapes, findSites, gradientGraph, gradientName, inferTrace, LoweringError, makeModel, makeNode, makeValueInfo } from "../../../../kernels/onnx/index.ts"; // prettier-ignore
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import { singlePrecision } from "../../../../kernels/onnx/lowering/single-precision.ts";
import { stage } from "../../../../kernels/onnx/surgery/stage.ts";
import { valueTypes } from "../../../../kernels/onnx/surgery/value-types.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { HALF_FORMS, halfGraph } from "../../models/half-model.ts";
import { halves } from "../as-float16.ts";
import { mergeBranches } from "../merge-branches.ts";
import { phantomDecoder, phantomFeeds } from "../phantom-decoder.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const ID = "layers.2.mlp.down_proj";
const DELTA = denseInputName(ID);
const [BATCH, TOKENS] = [1, 4];

/** What the form of the model builder is fed to give logits of every row. */
const ALL_ROWS = { num_logits_to_keep: int64([0], []) };

const single = phantomDecoder();
const scored = (model: OnnxModel) =>
  crossEntropy(
    dense(
      model,
      findSites(model).find(({ id }) => id === ID)!,
    ),
  );
const gradientsOf = (model: OnnxModel) =>
  gradientGraph(model, {
    loss: "loss",
    keep: ["loss"],
    targets: [DELTA],
    trace: inferTrace(
      model,
      exampleShapes(model, { batch_size: 2, sequence_length: 3, past_sequence_length: 4 }, ALL_ROWS),
    ),
  });
const delta = float32((seededValues("float32", [512, 192], 0.02, 5).data as Float32Array).slice(), [512, 192]);

/** Loss, and the gradient of the change, with weights that are fed so that the loss is small or large. */
async function run(model: OnnxModel, weight: number) {
  const feeds: Record<string, Tensor> = {
    ...phantomFeeds(scored(single), [BATCH, TOKENS]),
    [DELTA]: delta,
    ...ALL_ROWS,
  };
  feeds.loss_weights = float32(new Float32Array(BATCH * TOKENS).fill(weight), [BATCH, TOKENS]);
  const known = model.graph.input.map(({ name }) => name);
  for (const name of Object.keys(feeds)) if (!known.includes(name)) delete feeds[name];
  const types = valueTypes(model);
  const half = (name: string) => types.get(name) === "float16";
  for (const name of Object.keys(feeds).filter(half)) {
    const { data, dims } = feeds[name];
    feeds[name] = halves(float32(data as Float32Array, dims));
  }
  const { loss, [gradientName(DELTA)]: gradient } = await runGraph(model, feeds);
  return { loss: Number(loss.data[0]), gradient };
}

describe("single precision behind the edit of a decoder in half precision", () => {
  for (const form of HALF_FORMS) {
    const model = scored(halfGraph(single, form));
    const wide = singlePrecision(model, [DELTA]);

    it(`${form}: everything behind the change is float32, everything before it is as it was`, () => {
      const types = valueTypes(wide);
      const losses = wide.graph.output.filter(({ name }) => name === "loss");
      const { fixed, rest } = stage(withGraph(wide, { output: losses }), [DELTA]);
      const before = new Set(model.graph.node.map(({ name }) => name));
      const half = (names: readonly string[]) => names.some((name) => types.get(name) === "float16");
      // Casts of small constants are in both parts.
      const inHalf = rest.graph.node.filter(
        ({ opType, input, output }) => half(output) || (opType !== "Cast" && half(input)),
      );
      expect(inHalf.map(({ name }) => name)).to.deep.equal([]);
      expect(types.get("logits")).to.equal("float32");
      // New in the other half are casts alone.
      expect(fixed.graph.node.filter(({ output }) => half(output)).length).to.be.greaterThan(20);
      expect([...new Set(fixed.graph.node.filter(({ name }) => !before.has(name)).map(({ opType }) => opType))]).to.deep.equal(["Cast"]); // prettier-ignore
    });

    it(`${form}: gradients are near those of the float32 graph, and small ones do not vanish`, async () => {
      const backward = gradientsOf(wide);
      const [wanted, found] = [await run(gradientsOf(scored(single)), 1), await run(backward, 1)];
      expect(found.gradient.type).to.equal("float32");
      expect(found.loss).to.be.closeTo(wanted.loss, 0.01 * wanted.loss);
      const [a, b] = [wanted.gradient.data as Float32Array, found.gradient.data as Float32Array];
      const length = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
      const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (length(a) * length(b));
      expect(cosine).to.be.greaterThan(0.999);
      expect(length(b) / length(a)).to.be.closeTo(1, 0.02);
      // A loss a hundred million times smaller has gradients that half precision cannot hold.
      const tiny = (await run(backward, 1e-8)).gradient.data as Float32Array;
      expect(length(tiny) / length(b) / 1e-8).to.be.closeTo(1, 1e-4);
    });
  }

  it("returns a graph without half precision as it is", () => {
    const model = scored(single);
    expect(singlePrecision(model, [DELTA])).to.equal(model);
  });

  it("refuses a branch behind the change that computes in half precision", () => {
    const half = halfGraph(single, "half edges");
    const merged = mergeBranches(half);
    expect(() => singlePrecision(merged, ["inputs_embeds"])).to.throw(LoweringError, /behind the edit\. Load the float32 export/); // prettier-ignore
  });

  it("keeps the name of a value that a branch reads, although the cast that made it has nothing to do any more", async () => {
    const branches = branchesThatRead("wide");
    const model = makeModel({
      nodes: [
        makeNode("Cast", ["x"], ["narrow"], { to: 10 }),
        makeNode("Cast", ["narrow"], ["wide"], { to: 1 }),
        branches,
      ],
      inputs: [makeValueInfo("x", "float32", [2]), makeValueInfo("c", "bool", [1])],
      outputs: [makeValueInfo("z", "float32", [2])],
      initializers: [],
    });
    const { z } = await runGraph(singlePrecision(model, ["x"]), {
      x: float32([1.5, -2], [2]),
      c: { type: "bool", dims: [1], data: Uint8Array.of(1) },
    });
    expect([...z.data]).to.deep.equal([1.5, -2]);
  });
});

/** An If on "c" whose branches read a value from around it. */
function branchesThatRead(read: string) {
  const branches = makeNode("If", ["c"], ["z"], {}, "if");
  branches.attribute = ["then_branch", "else_branch"].map((name) =>
    create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.GRAPH,
      g: create(GraphProtoSchema, {
        name,
        node: [makeNode("Identity", [read], [`${name}/z`])],
        output: [makeValueInfo(`${name}/z`)],
      }),
    }),
  );
  return branches;
}
