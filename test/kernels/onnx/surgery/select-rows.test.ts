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
  sideInput,
  sideInputNames,
  SurgeryError,
  tap,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, Trace } from "../../../../kernels/onnx/index.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import { prune } from "../../../../kernels/onnx/prune.ts";
import { int64, type Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { expectNear } from "../near.ts";
import { phantomDecoder, phantomFeeds, phantomTrace } from "../phantom-decoder.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const ROWS = [8, 3, 4, 4];
const rows = int64(ROWS, [ROWS.length]);
const head = (model: OnnxModel) => findSites(model).find(({ id }) => id === "lm_head")!;
/** The choice where an objective makes it: as early as it can be. */
const early = (model: OnnxModel, trace: (graph: OnnxModel) => Trace) => {
  const chosen = selectRows(model);
  const asked = prune(withGraph(chosen, { output: chosen.graph.output.filter(({ name }) => name === "logits") }));
  return selectEarly(asked, trace(asked));
};
const rowsOf = ({ data, dims }: Tensor) =>
  ROWS.flatMap((row) => Array.from(data as Float32Array).slice(row * dims.at(-1)!, (row + 1) * dims.at(-1)!));

describe("logits of chosen rows", () => {
  const base = phantomDecoder();
  const feeds = phantomFeeds(base, [2, 5]);
  const traced = (model: OnnxModel) => phantomTrace(model, { rows: 7 });

  it("are those of the whole sequence, and the phantom's head multiplies no others", async () => {
    const found = await runGraph(selectRows(base), { ...feeds, [SELECTED_ROWS]: rows });
    const whole = await runGraph(base, feeds);
    const few = early(base, traced);
    expect(traced(few).get(head(base).input)?.dims).to.deep.equal([7, 192]);
    const chosen = await runGraph(few, { ...feeds, [SELECTED_ROWS]: rows });
    expectNear(chosen.logits.data, rowsOf(whole.logits), "logits", "rows, chosen early");
    expect(found.logits.dims).to.deep.equal([4, 896]);
    expectNear(found.logits.data, rowsOf(whole.logits), "logits", "rows");
    expect(Buffer.from(found["present.4.key"].data.buffer).equals(Buffer.from(whole["present.4.key"].data.buffer))).to.equal(true); // prettier-ignore
  });

  it("hold with side inputs at the head and below it, whose gradients are those of the whole sequence", async () => {
    const [last, below] = [head(base), findSites(base).find(({ id }) => id === "layers.3.mlp.down_proj")!];
    const { a, b } = sideInputNames(last.id);
    const edited = dense(dense(sideInput(base, last), last), below);
    const names = [denseInputName(last.id), denseInputName(below.id), a, b];
    const backward = (graph: OnnxModel, sizes: Record<string, number>) => {
      const model = crossEntropy(graph);
      return gradientGraph(model, { loss: "loss", targets: names, trace: phantomTrace(model, sizes) });
    };
    const few = early(edited, traced);
    expect(few.graph.node.filter(({ input }) => input.includes(last.input))).to.have.length(3);
    expect(traced(few).get(last.input)?.dims).to.deep.equal([7, 192]);
    const given = phantomFeeds(few, [2, 5], "float32", { rank: 2, rows: ROWS.length });
    names.forEach((name, i) => (given[name] = seededValues("float32", given[name].dims, 0.05, 30 + i)));
    const weights = seededValues("float32", [ROWS.length], 1, 5);
    const labels = int64([7, 8, 9, 10], [ROWS.length]);
    const found = await runGraph(backward(few, { rows: 3 }), { ...given, rows, labels, loss_weights: weights });
    // The same rows of the whole sequence, one after the other where a row is asked for twice.
    let sum: Record<string, Float64Array> = {};
    const whole = backward(edited, {});
    for (const [i, row] of ROWS.entries()) {
      const at = new Float32Array(10).fill(0);
      at[row] = weights.data[i] as number;
      const { rows: _, ...others } = given;
      const one = await runGraph(whole, {
        ...others,
        labels: int64(Array<number>(10).fill(Number(labels.data[i])), [2, 5]),
        loss_weights: { type: "float32", dims: [2, 5], data: at },
      });
      sum = Object.fromEntries(
        Object.entries(one).map(([name, { data }]) => [
          name,
          Float64Array.from(data as Float32Array, (value, k) => value + (sum[name]?.[k] ?? 0)),
        ]),
      );
    }
    for (const name of ["loss", ...names.map(gradientName)])
      expectNear(found[name].data, sum[name], "modelFloat32", name);
  });

  const built = (opType: "MatMul" | "Gemm", behind: "soft cap" | "softmax" | "rows of its own") =>
    makeModel({
      nodes: [
        makeNode("Tanh", ["x"], ["h"], {}, "body"),
        makeNode(opType, opType === "Gemm" ? ["h", "W", "c"] : ["h", "W"], ["scores"], {}, "/lm_head/MatMul"),
        ...(behind === "soft cap"
          ? [
              makeNode("Div", ["scores", "cap"], ["small"]),
              makeNode("Tanh", ["small"], ["bounded"]),
              makeNode("Mul", ["bounded", "cap"], ["logits"]),
            ]
          : behind === "softmax"
            ? [makeNode("LogSoftmax", ["scores"], ["logits"], { axis: 0 })]
            : [makeNode("Add", ["scores", "x2"], ["logits"])]),
      ],
      inputs: [
        makeValueInfo("x", "float32", ["n", 4]),
        ...(behind === "rows of its own" ? [makeValueInfo("x2", "float32", ["n", 6])] : []),
      ],
      outputs: [makeValueInfo("logits", "float32", ["n", 6])],
      initializers: [
        makeTensor("W", seededValues("float32", [4, 6], 1, 1)),
        makeTensor("c", seededValues("float32", [6], 1, 2)),
        makeTensor("cap", seededValues("float32", [1], 2, 3)),
      ],
    });

  const tracedHead = (model: OnnxModel) => inferTrace(model, exampleShapes(model, { n: 3, rows: 7 }));
  for (const [opType, behind, before] of [
    ["MatMul", "soft cap", true],
    ["Gemm", "soft cap", true],
    ["MatMul", "softmax", false],
    ["Gemm", "rows of its own", true],
  ] as const)
    it(`are chosen ${before ? "before" : "after"} a ${opType} with ${behind} behind it`, async () => {
      const model = built(opType, behind);
      const given: Record<string, Tensor> = { x: seededValues("float32", [9, 4], 1, 4) };
      if (behind === "rows of its own") given.x2 = seededValues("float32", [9, 6], 1, 5);
      const wanted = rowsOf((await runGraph(model, given)).logits);
      const few = early(model, tracedHead);
      expect(tracedHead(few).get("scores")!.dims).to.deep.equal([before ? 7 : 3, 6]);
      for (const selected of [selectRows(model), few])
        expectNear((await runGraph(selected, { ...given, rows })).logits.data, wanted, "logits", "rows");
    });

  it("are chosen behind what something else reads", async () => {
    const selected = selectRows(tap(built("MatMul", "soft cap"), ["small"]));
    const few = selectEarly(selected, tracedHead(selected));
    const found = await runGraph(few, { x: seededValues("float32", [9, 4], 1, 4), rows });
    expect([found.small.dims, found.logits.dims]).to.deep.equal([[9, 6], [4, 6]]); // prettier-ignore
    expect(tracedHead(few).get("bounded")!.dims).to.deep.equal([7, 6]);
  });

  it("are refused twice, behind a loss, and without logits", () => {
    const once = selectRows(base);
    expect(() => selectRows(once)).to.throw(SurgeryError, 'the graph already has a value "rows"');
    expect(() => selectRows(crossEntropy(base))).to.throw(SurgeryError, "reads the logits");
    const { model } = { model: makeModel({ nodes: [], inputs: [], outputs: [] }) };
    expect(() => selectRows(model)).to.throw(UnknownGraphNameError, 'no computed value "logits"');
  });
});

const FILES = ["gemma2", "gpt2", "llama", "opt", "qwen3"].map((family) => `models/tiny-families/${family}/model.onnx`);
const FOUR_BITS = "models/tiny-families/llama/model_q4.onnx";

describeWithShared("logits of chosen rows, in families of models", [...FILES, FOUR_BITS], () => {
  for (const file of [...FILES, FOUR_BITS])
    it(`are those of the whole sequence in ${file.split("/").slice(2).join("/")}, chosen before the head`, async () => {
      const read = readModel(readFileSync(shared(file)), file);
      const model = file === FOUR_BITS ? lower(read) : read;
      const sizes = { batch: 2, batch_size: 2, sequence: 5, sequence_length: 5, tokens: 5 };
      const ids = int64([1, 5, 9, 2, 14, 3, 3, 8, 11, 6], [2, 5]);
      const given = exampleFeeds(model, sizes, { input_ids: ids });
      const traced = (graph: OnnxModel) => inferTrace(graph, exampleShapes(graph, { ...sizes, rows: 7 }));
      const few = early(model, traced);
      expect(traced(few).get(head(model).input)!.dims[0], "rows that the head sees").to.equal(7);
      const wanted = rowsOf((await runGraph(model, given)).logits);
      for (const selected of [selectRows(model), few])
        expectNear((await runGraph(selected, { ...given, rows })).logits.data, wanted, "logits", "rows");
    });
});
