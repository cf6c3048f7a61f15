import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  exampleFeeds,
  findSites,
  gradientGraph,
  gradientName,
  lower,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  SELECTED_ROWS,
  selectRows,
  sideInput,
  sideInputNames,
  SurgeryError,
  tap,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { int64, type Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { expectNear } from "../near.ts";
import { phantomDecoder, phantomFeeds, phantomTrace } from "../phantom-decoder.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const ROWS = [8, 3, 4, 4];
const rows = int64(ROWS, [ROWS.length]);
const head = (model: OnnxModel) => findSites(model).find(({ id }) => id === "lm_head");
const rowsOf = ({ data, dims }: Tensor) =>
  ROWS.flatMap((row) => Array.from(data as Float32Array).slice(row * dims.at(-1)!, (row + 1) * dims.at(-1)!));
const products = (model: OnnxModel) => model.graph.node.filter(({ input }) => input.includes("rows:chosen"));

describe("logits of chosen rows", () => {
  const base = phantomDecoder();
  const feeds = phantomFeeds(base, [2, 5]);

  it("are those of the whole sequence, and the phantom's head multiplies no others", async () => {
    const model = selectRows(base, head(base));
    expect(products(model).map(({ opType }) => opType)).to.deep.equal(["MatMul"]);
    const found = await runGraph(model, { ...feeds, [SELECTED_ROWS]: rows });
    const whole = await runGraph(base, feeds);
    expect(found.logits.dims).to.deep.equal([4, 896]);
    expectNear(found.logits.data, rowsOf(whole.logits), "logits", "rows");
    expect(Buffer.from(found["present.4.key"].data.buffer).equals(Buffer.from(whole["present.4.key"].data.buffer))).to.equal(true); // prettier-ignore
  });

  it("hold with side inputs at the head and below it, whose gradients are those of the whole sequence", async () => {
    const [last, below] = [head(base)!, findSites(base).find(({ id }) => id === "layers.3.mlp.down_proj")!];
    const { a, b } = sideInputNames(last.id);
    const edited = dense(dense(sideInput(base, last), last), below);
    const names = [denseInputName(last.id), denseInputName(below.id), a, b];
    const backward = (graph: OnnxModel, sizes: Record<string, number>) => {
      const model = crossEntropy(graph);
      return gradientGraph(model, { loss: "loss", targets: names, trace: phantomTrace(model, sizes) });
    };
    const few = selectRows(edited, last);
    expect(products(few)).to.have.length(3);
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

  for (const [opType, behind, early] of [
    ["MatMul", "soft cap", true],
    ["Gemm", "soft cap", true],
    ["MatMul", "softmax", false],
    ["Gemm", "rows of its own", false],
  ] as const)
    it(`are chosen ${early ? "before" : "after"} a ${opType} with ${behind} behind it`, async () => {
      const model = built(opType, behind);
      const site = findSites(model).find(({ output }) => output === "scores");
      expect(site?.id).to.equal("lm_head");
      const given: Record<string, Tensor> = { x: seededValues("float32", [9, 4], 1, 4) };
      if (behind === "rows of its own") given.x2 = seededValues("float32", [9, 6], 1, 5);
      const wanted = rowsOf((await runGraph(model, given)).logits);
      for (const at of [site, undefined]) {
        const selected = selectRows(model, at);
        expect(products(selected).length > 0).to.equal(early && at !== undefined);
        expectNear((await runGraph(selected, { ...given, rows })).logits.data, wanted, "logits", "rows");
      }
    });

  it("are chosen at the end where something else reads what the head computes", async () => {
    const model = built("MatMul", "soft cap");
    const selected = selectRows(tap(model, ["small"]), head(model));
    expect(products(selected)).to.deep.equal([]);
    const found = await runGraph(selected, { x: seededValues("float32", [9, 4], 1, 4), rows });
    expect([found.small.dims, found.logits.dims]).to.deep.equal([[9, 6], [4, 6]]); // prettier-ignore
  });

  it("are refused twice, behind a loss, and without logits", () => {
    const once = selectRows(base, undefined);
    expect(() => selectRows(once, undefined)).to.throw(SurgeryError, 'the graph already has a value "rows"');
    expect(() => selectRows(crossEntropy(base), head(base))).to.throw(SurgeryError, "reads the logits");
    const { model } = { model: makeModel({ nodes: [], inputs: [], outputs: [] }) };
    expect(() => selectRows(model, undefined)).to.throw(UnknownGraphNameError, 'no computed value "logits"');
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
      const selected = selectRows(model, head(model));
      expect(products(selected).length).to.be.above(0);
      const found = await runGraph(selected, { ...given, rows });
      expectNear(found.logits.data, rowsOf((await runGraph(model, given)).logits), "logits", "rows");
    });
});
