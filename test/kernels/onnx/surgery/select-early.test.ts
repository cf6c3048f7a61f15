import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  exampleFeeds,
  exampleShapes,
  findSites,
  gradientGraph,
  gradientName,
  inferTrace,
  lower,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  SELECTED_ROWS,
  selectEarly,
  selectRows,
  shiftRows,
  shiftRowNames,
  transposedProducts,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { expectNear } from "../near.ts";
import { onlyOutputs } from "../only-outputs.ts";
import { phantomDecoder, phantomFeeds, phantomTrace } from "../phantom-decoder.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const ROWS = [8, 3, 4, 4];
const sizes = { rows: 7 };
const site = (model: OnnxModel, id: string) => findSites(model).find((each) => each.id === id)!;

describe("a choice of rows, moved towards the inputs", () => {
  const base = phantomDecoder();
  const last = "layers.4.mlp.down_proj";
  const values = { [SELECTED_ROWS]: int64(ROWS, [4]), labels: int64([7, 8, 9, 10], [4]) };

  it("leaves loss and gradients of the phantom as they are, in its last layer and before it", async () => {
    const below = "layers.3.mlp.up_proj";
    const edited = dense(dense(shiftRows(base, site(base, last)), site(base, last)), site(base, below));
    const parameters = [denseInputName(last), denseInputName(below), shiftRowNames(last).delta];
    const late = onlyOutputs(crossEntropy(selectRows(edited)), "loss", "logprobs");
    const early = selectEarly(late, phantomTrace(late, sizes));
    const given: Record<string, Tensor> = { ...phantomFeeds(late, [2, 5], "float32", { rows: 4 }), ...values };
    given.loss_weights = seededValues("float32", [4], 1, 5);
    parameters.forEach((name, i) => (given[name] = seededValues("float32", given[name].dims, 0.05, 30 + i)));
    const found = await Promise.all(
      [late, early].map((model) =>
        runGraph(
          gradientGraph(model, {
            loss: "loss",
            keep: ["loss"],
            targets: parameters,
            trace: phantomTrace(model, sizes),
          }),
          given,
        ),
      ),
    );
    for (const name of ["loss", ...parameters.map(gradientName)])
      expectNear(found[1][name].data, Array.from(found[0][name].data as Float32Array), "modelFloat32", name);
  });

  it("lets the phantom's last MLP see those rows alone, and its last attention all", () => {
    const late = onlyOutputs(crossEntropy(selectRows(base)), "loss");
    const trace = phantomTrace(selectEarly(late, phantomTrace(late, sizes)), sizes);
    const dims = (id: string) => trace.get(site(base, id).input)?.dims;
    expect(phantomTrace(late, sizes).get(site(base, last).input)?.dims.slice(0, 2)).to.deep.equal([2, 3]);
    expect(dims(last)?.[0]).to.equal(7);
    expect(dims("layers.4.mlp.up_proj")?.[0]).to.equal(7);
    expect(dims("layers.4.self_attn.q_proj")?.slice(0, 2)).to.deep.equal([2, 3]);
    expect(dims("layers.3.mlp.down_proj")?.slice(0, 2)).to.deep.equal([2, 3]);
  });

  it("stops behind a value that something else reads", async () => {
    const { input } = site(base, last);
    const node = makeNode("ReduceMean", [input], ["other"], { keepdims: 0 });
    const model = crossEntropy(selectRows(base));
    const output = [...model.graph.output, makeValueInfo("other", "float32", [])];
    const late = onlyOutputs(withGraph(model, { node: [...model.graph.node, node], output }), "loss", "other");
    const early = selectEarly(late, phantomTrace(late, sizes));
    const trace = phantomTrace(early, sizes);
    expect(trace.get(input)?.dims.slice(0, 2)).to.deep.equal([2, 3]);
    expect(trace.get(site(base, last).output)?.dims[0]).to.equal(7);
    const given = { ...phantomFeeds(late, [2, 5], "float32", { rows: 4 }), ...values };
    const [whole, few] = [await runGraph(late, given), await runGraph(early, given)];
    for (const name of ["loss", "other"]) expectNear(few[name].data, [Number(whole[name].data[0])], "logits", name);
  });

  const built = (
    nodes: ReturnType<typeof makeNode>[],
    initializers = [makeTensor("W", seededValues("float32", [4, 6], 1, 1))],
  ) =>
    selectRows(
      makeModel({
        nodes: [makeNode("Tanh", ["x"], ["h"]), ...nodes, makeNode("Identity", ["last"], ["logits"])],
        inputs: [makeValueInfo("x", "float32", ["b", "t", 4])],
        outputs: [makeValueInfo("logits", "float32", ["b", "t", "v"])],
        initializers,
      }),
    );
  const given = { x: seededValues("float32", [2, 5, 4], 1, 4), [SELECTED_ROWS]: int64(ROWS, [4]) };
  const traced = (model: OnnxModel) => inferTrace(model, exampleShapes(model, { b: 2, t: 3, rows: 7 }));
  const matrix = [makeTensor("all", int64([-1, 4], [2])), makeTensor("W", seededValues("float32", [4, 6], 1, 1))];
  for (const [what, moved, nodes, initializers] of [
    [
      "a product with rows laid end to end",
      7,
      [makeNode("Reshape", ["h", "all"], ["flat"]), makeNode("MatMul", ["flat", "W"], ["last"])],
      matrix,
    ],
    [
      "a norm of rows",
      7,
      [makeNode("LayerNormalization", ["h", "g"], ["last"], { axis: -1 })],
      [makeTensor("g", seededValues("float32", [4], 1, 2))],
    ],
    [
      "a norm whose scale has axes of its own",
      [2, 3],
      [makeNode("LayerNormalization", ["h", "g"], ["last"], { axis: -1 })],
      [makeTensor("g", seededValues("float32", [1, 1, 4], 1, 2))],
    ],
    [
      "a mean over features",
      7,
      [makeNode("ReduceMean", ["h"], ["m"], { axes: [-1] }), makeNode("Sub", ["h", "m"], ["last"])],
      [],
    ],
    [
      "a sum over features that are counted from the front",
      7,
      [makeNode("ReduceSum", ["h", "two"], ["m"], {}), makeNode("Sub", ["h", "m"], ["last"])],
      [makeTensor("two", int64([2], [1]))],
    ],
    [
      "a product of matrices of each sequence",
      [2, 3],
      [
        makeNode("Transpose", ["h"], ["keys"], { perm: [0, 2, 1] }),
        makeNode("MatMul", ["h", "keys"], ["scores"]),
        makeNode("MatMul", ["scores", "h"], ["last"]),
      ],
      [],
    ],
    [
      "a mean over tokens",
      [2, 3],
      [makeNode("ReduceMean", ["h"], ["m"], { axes: [1] }), makeNode("Sub", ["h", "m"], ["last"])],
      [],
    ],
    ["a softmax over tokens", [2, 3], [makeNode("Softmax", ["h"], ["last"], { axis: 1 })], []],
    [
      "numbers of one sequence, added to all",
      [2, 3],
      [makeNode("Slice", ["h", "zero", "one", "zero"], ["first"]), makeNode("Add", ["h", "first"], ["last"])],
      [makeTensor("zero", int64([0], [1])), makeTensor("one", int64([1], [1]))],
    ],
  ] as const)
    // prettier-ignore
    it(`${moved === 7 ? "passes" : "does not pass"} ${what}, and gives the same rows`, async () => {
      const late = built([...nodes], [...initializers]);
      const early = selectEarly(late, traced(late));
      expect(traced(early).get("last")!.dims[0]).to.equal(moved === 7 ? 7 : 2);
      expect(traced(early).get("h")!.dims).to.deep.equal(moved === 7 ? [7, 4] : [2, 3, 4]);
      const [whole, few] = [await runGraph(late, given), await runGraph(early, given)];
      expectNear(few.logits.data, Array.from(whole.logits.data as Float32Array), "logits", what);
    });

  for (const [what, nodes, last] of [
    [
      "with each other",
      [
        makeNode("Reshape", ["h", "all"], ["flat"]),
        makeNode("Gemm", ["flat", "flat"], ["scores"], { transB: 1 }),
        makeNode("Gemm", ["scores", "flat"], ["last"]),
      ],
      7,
    ],
    [
      "as columns of a factor",
      [
        makeNode("Reshape", ["h", "all"], ["flat"]),
        makeNode("Transpose", ["flat"], ["columns"]),
        makeNode("Gemm", ["columns", "W"], ["last"], { transA: 1 }),
      ],
      6,
    ],
  ] as const)
    it(`leaves rows whole that are multiplied ${what}`, async () => {
      const late = built([...nodes], matrix);
      const early = selectEarly(late, traced(late));
      expect(traced(early).get("h")!.dims).to.deep.equal([2, 3, 4]);
      expect(traced(early).get("last")!.dims[0]).to.equal(last);
      const [whole, few] = [await runGraph(late, given), await runGraph(early, given)];
      expectNear(few.logits.data, Array.from(whole.logits.data as Float32Array), "logits", what);
    });

  it("leaves a value whole that is asked for, or of which another output of its node is", async () => {
    for (const name of ["last", "mean"]) {
      const outputs = name === "last" ? ["last"] : ["last", "mean"];
      const norm = makeNode("LayerNormalization", ["h", "g"], outputs, { axis: -1 });
      const late = built([norm], [makeTensor("g", seededValues("float32", [4], 1, 2))]);
      const output = [...late.graph.output, makeValueInfo(name, "float32", ["b", "t", undefined])];
      const asked = withGraph(late, { output });
      const early = selectEarly(asked, traced(asked));
      const [whole, few] = [await runGraph(asked, given), await runGraph(early, given)];
      for (const each of ["logits", name]) {
        expect(few[each].dims).to.deep.equal(whole[each].dims);
        expectNear(few[each].data, Array.from(whole[each].data as Float32Array), "logits", each);
      }
    }
  });
});

const FILES = ["gemma2", "gpt2", "llama", "opt", "qwen3"].map((family) => `models/tiny-families/${family}/model.onnx`);

describeWithShared("a choice of rows moved towards the inputs, in families of models", FILES, () => {
  for (const file of FILES)
    it(`leaves the loss of ${file.split("/")[2]} and the gradient of its last down projection`, async () => {
      const model = lower(readModel(readFileSync(shared(file)), file));
      const down = findSites(model).findLast(({ id }) => /mlp\.(down_proj|c_proj|fc2)$|fc2$/.test(id))!;
      const late = onlyOutputs(crossEntropy(selectRows(dense(model, down))), "loss");
      const at = { batch: 2, batch_size: 2, sequence: 5, sequence_length: 5, tokens: 5, rows: 4 };
      const trace = (graph: OnnxModel) => inferTrace(graph, exampleShapes(graph, { ...at, rows: 7 }));
      const early = transposedProducts(selectEarly(late, trace(late)), trace(selectEarly(late, trace(late))));
      expect(trace(early).get(down.input)!.dims[0], "rows that the last MLP sees").to.equal(7);
      const parameter = denseInputName(down.id);
      const feeds = exampleFeeds(late, at, { input_ids: int64([1, 5, 9, 2, 14, 3, 3, 8, 11, 6], [2, 5]) });
      feeds[SELECTED_ROWS] = int64(ROWS, [4]);
      feeds.labels = int64([3, 1, 2, 5], [4]);
      feeds.loss_weights = float32([0.4, 0.3, 0.2, 0.1], [4]);
      feeds[parameter] = seededValues("float32", feeds[parameter].dims, 0.05, 9);
      const run = (graph: OnnxModel) =>
        runGraph(
          gradientGraph(graph, { loss: "loss", keep: ["loss"], targets: [parameter], trace: trace(graph) }),
          feeds,
        );
      const [whole, few] = [await run(late), await run(early)];
      for (const name of ["loss", gradientName(parameter)])
        expectNear(few[name].data, Array.from(whole[name].data as Float32Array), "modelFloat32", name);
    });
});
