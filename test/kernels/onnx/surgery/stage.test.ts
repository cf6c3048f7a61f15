import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  feedInputs,
  findSites,
  gradientGraph,
  gradientName,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  stage,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { mergedDecoder, HIDDEN } from "../merged-decoder.ts";
import { expectNear } from "../near.ts";
import { phantomDecoder, phantomFeeds, phantomTrace } from "../phantom-decoder.ts";
import { openGraph, runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const names = (model: OnnxModel) => feedInputs(model).map(({ name }) => name);
const count = (model: OnnxModel, opType: string) => model.graph.node.filter((node) => node.opType === opType).length;
const only = (feeds: Record<string, Tensor>, model: OnnxModel) =>
  Object.fromEntries(names(model).map((name) => [name, feeds[name]]));

/** Both parts, one after the other. */
async function inStages(model: OnnxModel, varying: string[], feeds: Record<string, Tensor>) {
  const { fixed, rest, carried } = stage(model, varying);
  const before = carried.length ? await runGraph(fixed, only(feeds, fixed)) : {};
  expect(Object.keys(before)).to.have.members(carried);
  return runGraph(rest, only({ ...feeds, ...before }, rest));
}

const bytes = (results: Record<string, Tensor>) =>
  Object.entries(results)
    .map(([name, { dims, data }]) => [name, [...dims], Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex")])
    .sort(); // prettier-ignore

describe("staging the gradient graph of the phantom decoder", () => {
  const base = phantomDecoder();
  for (const [id, share] of [
    ["layers.4.mlp.down_proj", 0.12],
    ["layers.2.mlp.down_proj", 0.65],
    ["layers.2.self_attn.q_proj", 0.75],
  ] as const)
    it(`gives loss and gradient of ${id} bit for bit, and repeats at most ${100 * share} % of the products`, async () => {
      const site = findSites(base).find((each) => each.id === id)!;
      const model = crossEntropy(dense(base, site));
      const delta = denseInputName(id);
      const whole = gradientGraph(model, { loss: "loss", targets: [delta], trace: phantomTrace(model) });
      const feeds = phantomFeeds(whole, [2, 5]);
      const { fixed, rest, carried } = stage(whole, [delta]);
      expect(names(fixed)).to.include("inputs_embeds");
      expect(names(rest)).to.include.members([delta, "loss_weights"]);
      expect(names(rest)).to.not.include("position_ids");
      const products = (graph: OnnxModel) => count(graph, "MatMul") + count(graph, "Gemm");
      expect(products(rest) / products(whole)).to.be.at.most(share);
      expect(fixed.graph.node.length + rest.graph.node.length).to.be.below(whole.graph.node.length + 40);
      expect(fixed.graph.initializer.map((tensor) => tensor.name)).to.not.include("lm_head.weight");
      const [one, first, second] = await Promise.all([openGraph(whole), openGraph(fixed), openGraph(rest)]);
      try {
        const before = await first.run(only(feeds, fixed));
        expect(Object.keys(before)).to.have.members(carried);
        for (const seed of [1, 2]) {
          const step = { ...feeds, [delta]: seededValues("float32", [site.in, site.out], 0.05, seed) };
          const wanted = await one.run(step);
          expect(Object.keys(wanted)).to.have.members(["loss", gradientName(delta)]);
          const found = await second.run(only({ ...step, ...before }, rest));
          expect(bytes(found)).to.deep.equal(bytes(wanted));
        }
      } finally {
        await Promise.all([one, first, second].map((graph) => graph.release()));
      }
    });
});

describe("staging under graph optimisation", () => {
  it("gives the loss bit for bit and the gradient but for rounding", async () => {
    const base = phantomDecoder();
    const site = findSites(base).find(({ id }) => id === "layers.2.self_attn.q_proj")!;
    const delta = denseInputName(site.id);
    const model = crossEntropy(dense(base, site));
    const whole = gradientGraph(model, { loss: "loss", targets: [delta], trace: phantomTrace(model) });
    const feeds = { ...phantomFeeds(whole, [2, 5]), [delta]: seededValues("float32", [site.in, site.out], 0.05, 1) };
    const { fixed, rest } = stage(whole, [delta]);
    const run = async (graph: OnnxModel, given: Record<string, Tensor>) => {
      const session = await openGraph(graph, { graphOptimizationLevel: "all" });
      try {
        return await session.run(only(given, graph));
      } finally {
        await session.release();
      }
    };
    const wanted = await run(whole, feeds);
    const found = await run(rest, { ...feeds, ...(await run(fixed, feeds)) });
    expect(found.loss.data).to.deep.equal(wanted.loss.data);
    expectNear(found[gradientName(delta)].data, wanted[gradientName(delta)].data, "float32", "gradient");
  });
});

describe("staging", () => {
  const info = (name: string) => makeValueInfo(name, "float32", ["n", 4]);
  const weight = (name: string, dims: number[], seed: number) =>
    makeTensor(name, seededValues("float32", dims, 1, seed));
  const model = makeModel({
    nodes: [
      makeNode("MatMul", ["x", "W"], ["below"]),
      makeNode("Shape", ["below"], ["size"]),
      makeNode("Cast", ["one"], ["oneFloat"], { to: 1 }),
      makeNode("Cast", ["H"], ["large"], { to: 1 }),
      makeNode("Greater", ["below", "oneFloat"], ["mask"]),
      makeNode("Where", ["mask", "below", "d"], ["chosen"]),
      makeNode("MatMul", ["chosen", "large"], ["wide"]),
      makeNode("Expand", ["oneFloat", "size"], ["spread"]),
      makeNode("Add", ["chosen", "spread"], ["y"]),
      makeNode("Tanh", ["below"], ["z"]),
      makeNode("Tanh", ["alone"], ["forgotten"]),
    ],
    inputs: ["x", "d", "alone", "unread"].map(info),
    outputs: [info("y"), info("z"), makeValueInfo("wide", "float32", ["n", 512])],
    initializers: [
      weight("W", [4, 4], 1),
      makeTensor("one", int64([1], [1])),
      makeTensor("H", { type: "float64", dims: [4, 512], data: new Float64Array(2048).fill(0.25) }),
    ],
  });
  const feeds = Object.fromEntries(
    ["x", "d", "alone", "unread"].map((name, i) => [name, seededValues("float32", [3, 4], 2, 10 + i)]),
  );

  it("carries what the rest reads, in its type, and leaves to both what small constants make", async () => {
    const { fixed, rest, carried } = stage(model, ["d"]);
    expect(carried).to.have.members(["below", "mask", "spread", "z/fixed", "large"]);
    expect(names(fixed)).to.deep.equal(["x"]);
    expect(names(rest)).to.have.members(["d", ...carried]);
    expect(rest.graph.output.map(({ name }) => name)).to.deep.equal(["y", "z", "wide"]);
    expect(rest.graph.initializer.map(({ name }) => name)).to.deep.equal([]);
    expect(count(rest, "Cast")).to.equal(0);
    expect(bytes(await inStages(model, ["d"], feeds))).to.deep.equal(bytes(await runGraph(model, feeds)));
    const early = stage(model, ["x"]);
    expect(early.carried, "no need to carry what the number 1 makes").to.deep.equal(["large"]);
    expect(count(early.rest, "Cast")).to.equal(1);
    expect(bytes(await inStages(model, ["x"], feeds))).to.deep.equal(bytes(await runGraph(model, feeds)));
  });

  it("takes an input that nothing reads: the rest hands the outputs on", async () => {
    const { rest } = stage(model, ["unread"]);
    expect(names(rest)).to.include("unread");
    expect(new Set(rest.graph.node.map((node) => node.opType))).to.deep.equal(new Set(["Identity"]));
    expect(bytes(await inStages(model, ["unread"], feeds))).to.deep.equal(bytes(await runGraph(model, feeds)));
  });

  it("carries nothing where everything varies", async () => {
    const { fixed, carried } = stage(model, ["x", "d"]);
    expect(carried).to.deep.equal(["large"]);
    expect(names(fixed)).to.deep.equal([]);
    const small = withGraph(model, { output: [info("z")] });
    expect(stage(small, ["x"]).fixed.graph.node).to.deep.equal([]);
    expect(bytes(await inStages(small, ["x"], feeds))).to.deep.equal(bytes(await runGraph(small, feeds)));
  });

  it("sees what the branches of an If read", async () => {
    const merged = mergedDecoder();
    const past = (seed: number) => seededValues("float32", [2, 1, 3, HIDDEN], 1, seed);
    const given: Record<string, Tensor> = {
      input_ids: int64([1, 5, 2, 7], [2, 2]),
      attention_mask: int64(Array<number>(10).fill(1), [2, 5]),
      "past_key_values.0.key": past(1),
      "past_key_values.0.value": past(2),
      use_cache_branch: { type: "bool", dims: [1], data: Uint8Array.of(1) },
    };
    // The key is read only inside the branches; the doubled one before them does not vary.
    const doubled = withGraph(merged, {
      node: [
        makeNode("Add", ["past_key_values.0.value", "past_key_values.0.value"], ["twice"]),
        ...merged.graph.node,
        makeNode("Mul", ["logits", "half"], ["halved"]),
        makeNode("Mul", ["twice", "half"], ["back"]),
      ],
      initializer: [...merged.graph.initializer, makeTensor("half", float32([0.5], []))],
      output: [...merged.graph.output, makeValueInfo("halved"), makeValueInfo("back")],
    });
    const varying = ["past_key_values.0.key"];
    const { fixed, rest, carried } = stage(doubled, varying);
    expect(count(rest, "If")).to.equal(1);
    expect(count(fixed, "If")).to.equal(0);
    expect(carried).to.deep.equal(["back/fixed"]);
    expect(bytes(await inStages(doubled, varying, given))).to.deep.equal(bytes(await runGraph(doubled, given)));
    // The other way round the whole If is fixed, and the types of its results are found in its branches.
    const undeclared = withGraph(doubled, { output: [makeValueInfo("halved"), makeValueInfo("back")] });
    const other = stage(
      withGraph(undeclared, {
        input: [...undeclared.graph.input, makeValueInfo("scale", "float32", [])],
        node: [...undeclared.graph.node.slice(0, -2), makeNode("Mul", ["logits", "scale"], ["halved"]), undeclared.graph.node.at(-1)!],
      }),
      ["scale"],
    ); // prettier-ignore
    expect(other.carried).to.have.members(["logits", "back/fixed"]);
    const before = await runGraph(other.fixed, only(given, other.fixed));
    const found = await runGraph(other.rest, { ...before, scale: float32([0.5], []) });
    expect(bytes({ halved: found.halved })).to.deep.equal(bytes({ halved: (await runGraph(doubled, given)).halved }));
  });

  it("draws anew in every run of the rest", async () => {
    const noisy = makeModel({
      nodes: [
        makeNode("RandomUniformLike", ["x"], ["noise"]),
        makeNode("Add", ["x", "noise"], ["y0"]),
        makeNode("Add", ["y0", "d"], ["y"]),
      ],
      inputs: [info("x"), info("d")],
      outputs: [info("y")],
    });
    const { fixed, carried } = stage(noisy, ["d"]);
    expect(carried).to.deep.equal([]);
    expect(fixed.graph.node).to.deep.equal([]);
  });

  it("refuses a name that is no input", () => {
    expect(() => stage(model, ["dd"])).to.throw(
      UnknownGraphNameError,
      'the graph has no input "dd". Did you mean "d"?',
    );
  });
});
