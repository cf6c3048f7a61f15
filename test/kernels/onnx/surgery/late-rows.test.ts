import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  exampleFeeds,
  exampleShapes,
  findSites,
  gradientGraph,
  gradientName,
  inferTrace,
  LATE_FROM,
  lateRows,
  lower,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  SELECTED_ROWS,
  selectRows,
  shiftRowNames,
  shiftRows,
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

const made = (model: OnnxModel) => new Set(model.graph.node.flatMap(({ output }) => output));
const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);
/** Ones at some rows. */
const mask = (dims: readonly number[], ...rows: number[]) =>
  float32(
    Float32Array.from({ length: dims[0] * dims[1] }, (_, i) => Number(rows.includes(i))),
    dims,
  );

describe("late rows", () => {
  for (const sites of [["layers.1.mlp.down_proj"], ["layers.2.self_attn.o_proj", "layers.2.mlp.down_proj"]])
    for (const from of [0, 2, 3])
      it(`from ${from} on give loss and gradients of shifts at ${sites.join(" and ")} in the phantom`, async () => {
        const base = phantomDecoder();
        const site = (id: string) => findSites(base).find((each) => each.id === id)!;
        const shifted = sites.reduce((model, id) => shiftRows(model, site(id)), base);
        const whole = onlyOutputs(crossEntropy(selectRows(shifted)), "loss");
        const late = lateRows(whole, sites, phantomTrace(whole, { rows: 7 }));
        const targets = sites.map((id) => shiftRowNames(id).delta);
        const given: Record<string, Tensor> = {
          ...phantomFeeds(late, [2, 6], "float32", { rows: 3 }),
          [SELECTED_ROWS]: int64([4, 5, 10], [3]),
          [LATE_FROM]: int64([from], [1]),
          loss_weights: float32([0.5, 0.2, 0.3], [3]),
        };
        // Row 3 of the first sequence, row 4 of the second.
        for (const id of sites) given[shiftRowNames(id).mask] = mask([2, 6], 3, 10);
        targets.forEach((name, i) => (given[name] = seededValues("float32", [192], 1, 5 + i)));
        const [expected, found] = await Promise.all(
          [whole, late].map((model) => {
            const trace = phantomTrace(model, { rows: 7 });
            const { [LATE_FROM]: first, ...feeds } = given;
            return runGraph(
              gradientGraph(model, { loss: "loss", keep: ["loss"], targets, trace }),
              model === late ? { ...feeds, [LATE_FROM]: first } : feeds,
            );
          }),
        );
        for (const name of ["loss", ...targets.map(gradientName)])
          expectNear(found[name].data, numbers(expected[name]), "modelFloat32", name);
        const { dims } = phantomTrace(late, { rows: 7 }).get(`${site("layers.3.mlp.down_proj").input}/late`)!;
        expect(dims, "one row fewer, as the example input says").to.deep.equal([2, 2, dims[2]]);
      });

  const names = shiftRowNames("here");
  const built = (nodes: ReturnType<typeof makeNode>[], initializers: ReturnType<typeof makeTensor>[] = []) =>
    makeModel({
      nodes: [
        makeNode("Reshape", [names.mask, "like"], ["mask"]),
        makeNode("Mul", ["mask", names.delta], ["term"]),
        makeNode("Add", ["x", "term"], ["h"]),
        ...nodes,
      ],
      inputs: [
        makeValueInfo("x", "float32", ["b", "t", 4]),
        makeValueInfo("other", "float32", ["b", "t", 4]),
        makeValueInfo(names.mask, "float32", ["b", "t"]),
        makeValueInfo(names.delta, "float32", [4]),
      ],
      outputs: [makeValueInfo("last")],
      initializers: [
        makeTensor("like", int64([0, -1, 1], [3])),
        makeTensor("W", seededValues("float32", [4, 6], 1, 1)),
        makeTensor("one", int64([1], [1])),
        makeTensor("two", int64([2], [1])),
        makeTensor("three", int64([3], [1])),
        ...initializers,
      ],
    });
  const feeds = {
    x: seededValues("float32", [2, 5, 4], 1, 4),
    other: seededValues("float32", [2, 5, 4], 1, 6),
    [names.mask]: mask([2, 5], 2, 9),
    [names.delta]: seededValues("float32", [4], 1, 7),
  };
  const of = makeNode;
  for (const [what, kept, nodes, initializers = []] of [
    ["the shift itself", true, [of("Identity", ["h"], ["last"])]],
    ["a sum with rows that do not change", true, [of("Add", ["h", "other"], ["last"])]],
    ["a choice between rows", true, [of("Less", ["h", "other"], ["c"]), of("Where", ["c", "other", "h"], ["last"])]],
    [
      "a norm of rows",
      true,
      [of("LayerNormalization", ["h", "g"], ["last"], { axis: -1 })],
      [makeTensor("g", seededValues("float32", [4], 1, 2))],
    ],
    ["a product with a weight", true, [of("MatMul", ["h", "W"], ["last"])]],
    [
      "heads that are split off",
      true,
      [of("Reshape", ["h", "heads"], ["r"]), of("Transpose", ["r"], ["last"], { perm: [0, 2, 1, 3] })],
      [makeTensor("heads", int64([0, 0, 2, 2], [4]))],
    ],
    [
      "rows laid end to end",
      false,
      [of("Reshape", ["h", "flat"], ["last"])],
      [makeTensor("flat", int64([-1, 4], [2]))],
    ],
    ["a mean over features", true, [of("ReduceMean", ["h"], ["m"], { axes: [-1] }), of("Sub", ["h", "m"], ["last"])]],
    ["a mean over tokens", false, [of("ReduceMean", ["h"], ["m"], { axes: [1] }), of("Sub", ["h", "m"], ["last"])]],
    ["a mean that drops its axis", false, [of("ReduceMean", ["h"], ["last"], { axes: [2], keepdims: 0 })]],
    ["a softmax over features", true, [of("Softmax", ["h"], ["last"], { axis: 2 })]],
    ["a softmax over tokens", false, [of("Softmax", ["h"], ["last"], { axis: 1 })]],
    [
      "an axis more and an axis less",
      true,
      [of("Unsqueeze", ["h", "one"], ["u"]), of("Squeeze", ["u", "one"], ["last"])],
    ],
    [
      "features turned by half",
      true,
      [
        of("Split", ["h"], ["a", "b"], { axis: -1 }),
        of("Neg", ["b"], ["n"]),
        of("Concat", ["n", "a"], ["last"], { axis: -1 }),
      ],
    ],
    ["features beside rows that do not change", true, [of("Concat", ["other", "h"], ["last"], { axis: 2 })]],
    ["rows behind other rows", false, [of("Concat", ["other", "h"], ["last"], { axis: 1 })]],
    ["some features", true, [of("Slice", ["h", "one", "three", "two"], ["last"])]],
    ["some tokens", false, [of("Slice", ["h", "one", "three", "one"], ["last"])]],
    ["one feature", true, [of("Gather", ["h", "at"], ["last"], { axis: 2 })], [makeTensor("at", int64([1], []))]],
    [
      "one sequence of both",
      true,
      [of("Gather", ["h", "at"], ["last"], { axis: 0 })],
      [makeTensor("at", int64([1], []))],
    ],
    ["one token", false, [of("Gather", ["h", "at"], ["last"], { axis: 1 })], [makeTensor("at", int64([3], []))]],
    [
      "tokens turned around",
      false,
      [of("Transpose", ["h"], ["c"], { perm: [0, 2, 1] }), of("MatMul", ["c", "h"], ["last"])],
    ],
    ["an operator that is not known", false, [of("CumSum", ["h", "at"], ["last"])], [makeTensor("at", int64([1], []))]],
    [
      "numbers of one token, added to all",
      false,
      [of("Slice", ["h", "one", "two", "one"], ["s"]), of("Add", ["h", "s"], ["last"])],
    ],
    [
      "sizes of what changes",
      true,
      [of("Shape", ["h"], ["s"]), of("ConstantOfShape", ["s"], ["z"]), of("Add", ["h", "z"], ["last"])],
    ],
  ] as [string, boolean, ReturnType<typeof makeNode>[], ReturnType<typeof makeTensor>[]?][])
    // prettier-ignore
    it(`${kept ? "pass" : "do not pass"} ${what}, and give the same numbers`, async () => {
      const whole = built(nodes, initializers);
      const trace = inferTrace(whole, exampleShapes(whole, { b: 2, t: 3 }));
      const late = lateRows(whole, ["here"], trace);
      expect(made(late).has("last/late")).to.equal(kept);
      const [expected, found] = [await runGraph(whole, feeds), await runGraph(late, { ...feeds, [LATE_FROM]: int64([2], [1]) })];
      expect(found.last.dims).to.deep.equal(expected.last.dims);
      expectNear(found.last.data, numbers(expected.last), "logits", what);
    });

  /** Attention of x to itself with a mask that is causal in the order of `scores`. */
  const attention = (perm: number, ...nodes: ReturnType<typeof makeNode>[]) =>
    built(
      [of("Transpose", ["h"], ["turned"], { perm: [0, 2, 1] }), of("MatMul", ["h", "turned"], ["scores"]), ...nodes],
      [
        makeTensor(
          "mask_of_tokens",
          float32(
            Float32Array.from({ length: 25 }, (_, i) =>
              (perm ? i % 5 > i / 5 : i % 5 < Math.floor(i / 5)) ? -1e9 : 0,
            ),
            [5, 5],
          ),
        ),
      ],
    );
  const causal = [
    of("Add", ["scores", "mask_of_tokens"], ["masked"]),
    of("Softmax", ["masked"], ["weights"], { axis: 2 }),
    of("MatMul", ["weights", "h"], ["last"]),
  ];
  for (const [what, kept, model] of [
    ["attention", true, attention(1, ...causal)],
    [
      "attention of which the weights are read whole",
      true,
      attention(
        1,
        ...causal.slice(0, 2),
        of("ReduceSum", ["weights", "one"], ["sum"]),
        of("MatMul", ["weights", "h"], ["mix"]),
        of("Identity", ["mix"], ["last"]),
      ),
    ],
    [
      "attention of which the scores are read whole",
      false,
      attention(
        1,
        ...causal.slice(0, 2),
        of("MatMul", ["weights", "h"], ["mix"]),
        of("ReduceSum", ["scores", "one"], ["sum"]),
        of("Unsqueeze", ["sum", "one"], ["more"]),
        of("ReduceMax", ["more"], ["most"], { keepdims: 0 }),
        of("Add", ["mix", "most"], ["last"]),
      ),
    ],
    ["attention without a softmax", false, attention(1, of("MatMul", ["scores", "h"], ["last"]))],
    [
      "attention whose softmax runs along its rows",
      false,
      attention(
        0,
        of("Add", ["scores", "mask_of_tokens"], ["masked"]),
        of("Softmax", ["masked"], ["weights"], { axis: 1 }),
        of("Transpose", ["weights"], ["w"], { perm: [0, 2, 1] }),
        of("MatMul", ["w", "h"], ["last"]),
      ),
    ],
  ] as [string, boolean, OnnxModel][])
    // prettier-ignore
    it(`${kept ? "pass" : "do not pass"} ${what}, and give the same numbers`, async () => {
      const late = lateRows(model, ["here"], inferTrace(model, exampleShapes(model, { b: 2, t: 5 })));
      expect(made(late).has("last/late"), "whether last has late rows").to.equal(kept);
      const given = kept ? { ...feeds, [LATE_FROM]: int64([2], [1]) } : feeds;
      const [expected, found] = [await runGraph(model, feeds), await runGraph(late, given)];
      expectNear(found.last.data, numbers(expected.last), "logits", what);
    });

  it("are not looked for where shifts act on rows laid end to end", () => {
    const { graph } = built([of("Identity", ["h"], ["last"])], [makeTensor("flat", int64([-1, 1], [2]))]);
    const node = graph.node.map((each) => (each.output[0] === "mask" ? of("Reshape", [names.mask, "flat"], ["mask"]) : each)); // prettier-ignore
    const model = withGraph(built([]), { ...graph, node: node.map((each) => (each.output[0] === "h" ? of("Mul", ["term", "term"], ["h"]) : each)) }); // prettier-ignore
    expect(lateRows(model, ["here"], inferTrace(model, exampleShapes(model, { b: 2, t: 3 })))).to.equal(model);
  });
});

const FILES = ["gemma2", "gemma3-text", "gpt2", "llama", "opt", "qwen2", "qwen3"].flatMap((family) =>
  ["model.onnx", "model_kv.onnx"].map((file) => `models/tiny-families/${family}/${file}`),
);

describeWithShared("late rows in families of models", FILES, () => {
  for (const file of FILES)
    it(`give the loss of ${file.split("/").slice(2).join(" ")} and the gradient of a shift in its first layer`, async () => {
      const model = lower(readModel(readFileSync(shared(file)), file));
      const down = findSites(model).find(({ id }) => /mlp\.(down_proj|c_proj|fc2)$|fc2$/.test(id))!;
      const whole = onlyOutputs(crossEntropy(selectRows(shiftRows(model, down))), "loss");
      const at = { batch: 2, batch_size: 2, sequence: 5, sequence_length: 5, tokens: 5, rows: 3, past_sequence_length: 0, past: 0, total_sequence_length: 5 }; // prettier-ignore
      const trace = (graph: OnnxModel) => inferTrace(graph, exampleShapes(graph, { ...at, rows: 7 }));
      const late = lateRows(whole, [down.id], trace(whole));
      const { mask: where, delta } = shiftRowNames(down.id);
      const given = exampleFeeds(late, at, { input_ids: int64([1, 5, 9, 2, 14, 3, 3, 8, 11, 6], [2, 5]) });
      given[LATE_FROM] = int64([2], [1]);
      given[where] = mask([2, 5], 2, 8);
      given[SELECTED_ROWS] = int64([3, 4, 9], [3]);
      given.labels = int64([3, 1, 2], [3]);
      given.loss_weights = float32([0.4, 0.3, 0.3], [3]);
      given[delta] = seededValues("float32", given[delta].dims, 0.5, 9);
      if (given.position_ids) given.position_ids = int64([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], [2, 5]);
      const run = (graph: OnnxModel) => {
        const gradients = gradientGraph(graph, { loss: "loss", keep: ["loss"], targets: [delta], trace: trace(graph) });
        const inputs = new Set(gradients.graph.input.map(({ name }) => name));
        return runGraph(gradients, Object.fromEntries(Object.entries(given).filter(([name]) => inputs.has(name))));
      };
      const [expected, found] = [await run(whole), await run(late)];
      for (const name of ["loss", gradientName(delta)])
        expectNear(found[name].data, numbers(expected[name]), "modelFloat32", name);
      const products = late.graph.node.filter(
        ({ opType, output }) => opType === "MatMul" && output[0].endsWith("/late"),
      );
      // Their projections multiply rows laid end to end, which are computed whole.
      if (!/gpt2|opt/.test(file)) expect(products.length, "products of late rows alone").to.be.greaterThan(8);
    });
});
