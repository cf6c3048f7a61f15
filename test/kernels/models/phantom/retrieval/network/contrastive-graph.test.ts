import { expect } from "chai";
import { contrastiveGraph } from "../../../../../../kernels/models/phantom/retrieval/network/contrastive-graph.ts";
import { towerGraphs } from "../../../../../../kernels/models/phantom/retrieval/network/inference-graphs.ts";
import { gradientGraph, lift, trace } from "../../../../../../kernels/onnx/index.ts";
import { int64 } from "../../../../../../kernels/tensor.ts";
import type { Tensor } from "../../../../../../kernels/tensor.ts";
import { expectNear } from "../../../../onnx/near.ts";
import { openGraph, runGraph } from "../../../../onnx/run-graph.ts";
import { seededValues } from "../../../../onnx/seeded-values.ts";
import { MEANINGS, TEXTS, tinyBatch, VOCABULARY } from "../tiny-batch.ts";

const built = (denseShare: number) => {
  const graph = contrastiveGraph(VOCABULARY, denseShare, { seed: 3 });
  // Random weights of the usual size give embeddings that are nearly alike, in which a mistake would hardly show.
  for (const [name, { data, dims }] of graph.parameters)
    if (dims.length === 2 && !name.startsWith("dense_head")) data.set(data.map((value) => 3 * value));
  return graph;
};
const rows = ({ data, dims }: Tensor) =>
  Array.from({ length: dims[0] }, (_, i) => Array.from(data.slice(i * dims[1], (i + 1) * dims[1]) as Float32Array));

/** Of the differences, along a direction of about unit length. */
const STEP = 2e-2;

describe("the contrastive graph", () => {
  it("has the loss that the exported towers' embeddings give, with each false negative left out", async () => {
    const { model, parameters } = built(0);
    const feeds = tinyBatch();
    const towers = towerGraphs(VOCABULARY, Object.fromEntries(parameters));
    const text = async (ids: number[]) => {
      const dims = [1, ids.length];
      const mask = int64(Array(ids.length).fill(1), dims);
      const { text_embeds } = await runGraph(towers.text_model.model, {
        input_ids: int64(ids, dims),
        attention_mask: mask,
      });
      return Array.from(text_embeds.data as Float32Array);
    };
    const image = async (name: string) =>
      rows((await runGraph(towers.vision_model.model, { pixel_values: feeds[name] })).image_embeds);
    const texts = async (name: keyof typeof TEXTS) => Promise.all(TEXTS[name].map(text));
    const [question, paraphrase, caption] = [
      await texts("question"),
      await texts("paraphrase"),
      await texts("caption"),
    ];
    const [taken, retaken] = [await image("pixel_values"), await image("other_pixel_values")];
    for (const each of [...question, ...caption, ...taken]) expect(Math.hypot(...each)).to.be.closeTo(1, 1e-5);

    const scales = Array.from(parameters.get("logit_scale")!.data, Math.exp);
    const pairs = [[question, paraphrase], [taken, caption], [taken, retaken]]; // prettier-ignore
    const wanted = [false, true].flatMap((backwards) =>
      pairs.flatMap((pair, kind) => {
        const [from, to] = backwards ? [pair[1], pair[0]] : pair;
        return from.map((a, i) => {
          const scores = to.map((b) => scales[kind] * a.reduce((sum, value, k) => sum + value * b[k], 0));
          const counted = scores.filter((_, j) => j === i || MEANINGS[kind][i] !== MEANINGS[kind][j]);
          return scores[i] - Math.log(counted.reduce((sum, score) => sum + Math.exp(score), 0));
        });
      }),
    );
    const { loss, logprobs } = await runGraph(model, feeds);
    expectNear(logprobs.data, wanted, "pytorch", "log-probabilities");
    expectNear(loss.data, [-wanted.reduce((sum, value) => sum + value, 0) / 6], "pytorch", "loss");
    expect(new Set(wanted.map((value) => value.toFixed(3))).size).to.be.above(10);
  });

  // In float32: ONNX Runtime has no convolution in double precision on the CPU.
  it("has the gradients that extrapolated central differences give, for both towers, the temperatures and what is where", async () => {
    const { model, parameters } = built(2);
    const targets = [...parameters.keys()].filter((name) =>
      /^(logit_scale|\w+_projection|dense_head)|position|embed_tokens|patch_embed|stem\.5\.(weight|norm)|post_layernorm|layers\.0\.self_attn\.[qo]_proj\.w|layers\.1\.mlp\.fc1\.w|final/.test(name),
    ); // prettier-ignore
    expect(targets).to.have.length.above(15);
    const graph = lift(model, targets);
    const values: Record<string, Tensor> = { ...tinyBatch() };
    for (const name of targets) values[name] = parameters.get(name)!;
    const backward = gradientGraph(graph, { loss: "loss", targets, trace: await trace(graph, values, runGraph) });
    const open = await openGraph(backward);
    try {
      const gradients = await open.run(values);
      for (const [i, name] of targets.entries()) {
        const gradient = gradients[`grad:${name}`].data as Float32Array;
        const noise = seededValues("float32", [gradient.length], 1, 50 + i).data as Float32Array;
        const norm = Math.hypot(...gradient);
        expect(norm, name).to.be.above(1e-4);
        const direction = gradient.map((g, k) => g / norm + noise[k] / (10 * Math.sqrt(gradient.length)));
        const at = async (step: number) => {
          const data = (values[name].data as Float32Array).map((value, k) => value + step * direction[k]);
          return (await open.run({ ...values, [name]: { ...values[name], data } }, ["loss"])).loss.data[0] as number;
        };
        const slope = async (step: number) => ((await at(step)) - (await at(-step))) / (2 * step);
        const extrapolated = (4 * (await slope(STEP / 2)) - (await slope(STEP))) / 3;
        const predicted = gradient.reduce((sum, g, k) => sum + g * direction[k], 0);
        expectNear([predicted], [extrapolated], "differenceFused", name, Math.max(Math.abs(extrapolated), 0.5));
      }
    } finally {
      await open.release();
    }
  });

  it("embeds a text alike with padding on either side", async () => {
    const { parameters } = built(0);
    const { model } = towerGraphs(VOCABULARY, Object.fromEntries(parameters)).text_model;
    const ids = [6, 7, 8, 9];
    const embed = async (given: number[], mask: number[]) =>
      (
        await runGraph(model, {
          input_ids: int64(given, [1, given.length]),
          attention_mask: int64(mask, [1, mask.length]),
        })
      ).text_embeds.data;
    const plain = await embed(ids, [1, 1, 1, 1]);
    expectNear(await embed([...ids, 0, 0], [1, 1, 1, 1, 0, 0]), plain, "logits", "right");
    expectNear(await embed([0, 0, 0, ...ids], [0, 0, 0, 1, 1, 1, 1]), plain, "logits", "left");
    const reordered = await embed([9, 8, 7, 6], [1, 1, 1, 1]);
    expect(Math.max(...Array.from(plain as Float32Array, (value, i) => Math.abs(value - Number(reordered[i]))))).to.be.above(1e-3); // prettier-ignore
  });
});
