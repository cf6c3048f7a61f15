import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  exampleFeeds,
  findSites,
  gradientGraph,
  initializerMap,
  makeTensor,
  readModel,
  sideInput,
  sideInputNames,
  tap,
  tensorOf,
  trace,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { withGraph } from "../../../kernels/onnx/graph.ts";
import type { Tensor } from "../../../kernels/tensor.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { asFloat64 } from "./as-float64.ts";
import { expectNear } from "./near.ts";
import { openGraph, runGraph } from "./run-graph.ts";
import { seededValues } from "./seeded-values.ts";

const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";

/** One prompt of `tokens` tokens with nothing cached, as the model runs it. */
function prompt(model: OnnxModel, type: "float32" | "float64", batch: number, tokens: number): Record<string, Tensor> {
  const sizes = {
    batch_size: batch,
    sequence_length: tokens,
    past_sequence_length: 0,
    total_sequence_length: tokens,
    rank: 2,
  };
  const positions = int64(
    Array.from({ length: batch * tokens }, (_, i) => i % tokens),
    [batch, tokens],
  );
  return exampleFeeds(model, sizes, {
    inputs_embeds: seededValues(type, [batch, tokens, 128], 0.3, 11),
    position_ids: positions,
  });
}

const traceFeeds = (model: OnnxModel) =>
  exampleFeeds(model, {
    batch_size: 2,
    sequence_length: 3,
    past_sequence_length: 2,
    total_sequence_length: 5,
    rank: 3,
  });

const values = (tensor: Tensor) => Array.from(tensor.data as Float32Array);

describeWithShared("the vqarad decoder under surgery", [DECODER], () => {
  let base: OnnxModel;
  before(() => {
    base = readModel(readFileSync(shared(DECODER)), DECODER);
  });
  const downProjections = () => findSites(base).filter((site) => site.role === "mlp.down_proj");
  const logits = async (model: OnnxModel, feeds: Record<string, Tensor>, optimised = false) => {
    const graph = await openGraph(model, { graphOptimizationLevel: optimised ? "all" : "disabled" });
    try {
      return values((await graph.run(feeds, ["logits"])).logits);
    } finally {
      await graph.release();
    }
  };

  for (const optimised of [false, true])
    it(`zero side inputs at all fourteen projections and the head give the base logits bit for bit, graph optimisation ${optimised ? "on" : "off"}`, async () => {
      const sites = findSites(base).filter((site) => site.kind === "projection");
      const edited = sites.reduce((model, site) => dense(sideInput(model, site), site), base);
      const feeds = prompt(edited, "float32", 1, 7);
      for (const site of sites) {
        const { a, b } = sideInputNames(site.id);
        for (const name of [a, b, denseInputName(site.id)])
          feeds[name] = float32(new Float32Array(feeds[name].data.length), feeds[name].dims);
      }
      expect(await logits(edited, feeds, optimised)).to.deep.equal(
        await logits(base, prompt(base, "float32", 1, 7), optimised),
      );
    });

  it("a low-rank side input equals the same edit merged into the weights", async () => {
    const site = downProjections()[1];
    const { a, b } = sideInputNames(site.id);
    const edited = sideInput(base, site);
    const A = seededValues("float32", [site.in, 2], 0.2, 1);
    const B = seededValues("float32", [2, site.out], 0.2, 2);
    const weight = tensorOf(initializerMap(base).get(site.weight)!).data as Float32Array;
    const [left, right] = [values(A), values(B)];
    const changed = weight.map((w, i) => {
      const [row, column] = [Math.floor(i / site.out), i % site.out];
      return w + left[2 * row] * right[column] + left[2 * row + 1] * right[site.out + column];
    });
    const merged = withGraph(base, {
      initializer: base.graph.initializer.map((tensor) =>
        tensor.name === site.weight ? makeTensor(site.weight, float32(changed, [site.in, site.out])) : tensor,
      ),
    });
    const viaInput = await logits(edited, { ...prompt(edited, "float32", 1, 7), [a]: A, [b]: B });
    const before = await logits(base, prompt(base, "float32", 1, 7));
    expectNear(viaInput, await logits(merged, prompt(base, "float32", 1, 7)), "logits", "logits");
    expect(Math.max(...viaInput.map((value, i) => Math.abs(value - before[i])))).to.be.above(0.1);
  });

  it("tapping the input of a projection adds an output and leaves the logits as they are", async () => {
    const site = downProjections()[0];
    const input = base.graph.node.find((node) => node.name === site.node)!.input[0];
    const results = await runGraph(tap(base, [input]), prompt(base, "float32", 1, 7));
    expect(results[input].dims).to.deep.equal([1, 7, site.in]);
    expect(values(results.logits)).to.deep.equal(await logits(base, prompt(base, "float32", 1, 7)));
  });

  for (const [batch, tokens] of [
    [1, 6],
    [2, 4],
  ] as const)
    it(`gradients of dense deltas at both down projections equal central differences in float64, batch ${batch} of ${tokens} tokens, traced at 2 of 3`, async () => {
      const sites = downProjections();
      const names = sites.map((site) => denseInputName(site.id));
      const model = crossEntropy(sites.reduce((graph, site) => dense(graph, site), asFloat64(base)));
      const backward = gradientGraph(model, {
        loss: "loss",
        targets: names,
        trace: await trace(model, traceFeeds(model), runGraph),
      });
      const feeds = prompt(model, "float64", batch, tokens);
      feeds.labels = int64(
        Array.from({ length: batch * tokens }, (_, i) => (37 * i + 5) % 2048),
        [batch, tokens],
      );
      for (const [i, name] of names.entries()) feeds[name] = seededValues("float64", feeds[name].dims, 0.05, 20 + i);
      const graph = await openGraph(backward);
      try {
        const gradients = await graph.run(feeds);
        const loss = async (name: string, direction: Float64Array, step: number) => {
          const data = (feeds[name].data as Float64Array).map((value, i) => value + step * direction[i]);
          return (await graph.run({ ...feeds, [name]: { ...feeds[name], data } }, ["loss"])).loss.data[0] as number;
        };
        for (const name of names) {
          const gradient = gradients[`grad:${name}`].data as Float64Array;
          const norm = Math.hypot(...gradient);
          expect(norm).to.be.above(1e-3);
          const random = seededValues("float64", feeds[name].dims, 1, 30).data as Float64Array;
          // Along the gradient and along three more directions: half gradient, half random, so that the slope is never near zero.
          const directions = [
            gradient.map((g) => g / norm),
            ...[0, 1, 2].map((k) => gradient.map((g, i) => g / norm + random[(i + 17 * k) % random.length] / 100)),
          ];
          for (const direction of directions) {
            const slope = ((await loss(name, direction, 1e-4)) - (await loss(name, direction, -1e-4))) / 2e-4;
            const predicted = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
            expectNear([predicted], [slope], "model", name);
          }
        }
      } finally {
        await graph.release();
      }
    });

  it("the float32 gradients, as ONNX Runtime optimises the graph, equal the float64 ones", async () => {
    const [site] = downProjections();
    const name = denseInputName(site.id);
    const gradient = async (source: OnnxModel, type: "float32" | "float64") => {
      const model = crossEntropy(dense(source, site));
      const backward = gradientGraph(model, {
        loss: "loss",
        targets: [name, "inputs_embeds"],
        trace: await trace(model, traceFeeds(model), runGraph),
      });
      const feeds = prompt(model, type, 1, 6);
      feeds[name] = seededValues(type, feeds[name].dims, 0.05, 20);
      expect(backward.graph.node.filter((node) => node.domain !== "")).to.deep.equal([]);
      const graph = await openGraph(backward, { graphOptimizationLevel: type === "float32" ? "all" : "disabled" });
      try {
        return await graph.run(feeds);
      } finally {
        await graph.release();
      }
    };
    const [single, double] = [await gradient(base, "float32"), await gradient(asFloat64(base), "float64")];
    for (const output of [`grad:${name}`, "grad:inputs_embeds"])
      expectNear(single[output].data, double[output].data, "modelFloat32", output);
  });
});
