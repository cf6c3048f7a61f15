import { expect } from "chai";
import { PHANTOM } from "../../../../../kernels/models/phantom/config.ts";
import { inferenceGraphs } from "../../../../../kernels/models/phantom/network/inference-graphs.ts";
import { languageStage } from "../../../../../kernels/models/phantom/network/training-graphs.ts";
import { DENSE_CLASSES } from "../../../../../kernels/models/phantom/training/dense-targets.ts";
import { packRow } from "../../../../../kernels/models/phantom/training/row.ts";
import type { Block } from "../../../../../kernels/models/phantom/training/row.ts";
import { rowFeeds } from "../../../../../kernels/models/phantom/training/row-feeds.ts";
import { random } from "../../../../../kernels/random.ts";
import { float32, int64 } from "../../../../../kernels/tensor.ts";
import { runGraph } from "../../../onnx/run-graph.ts";

const [VOCABULARY, TEXT, PAD, BOS] = [48, 24, 0, 1];
const BLOCKS: Block[] = [
  { prompt: [4, 10, 11, 5], answer: [20, 21, 2], seesImage: true },
  { prompt: [1, 4, 12, 5], answer: [30, 2], seesImage: false },
  { prompt: [4, 13, 14, 15, 5], answer: [40, 2], seesImage: true },
];

describe("questions packed into a training row", () => {
  const { model, parameters } = languageStage(VOCABULARY, TEXT, 0, { seed: 3 });
  // Random weights of the usual size give logits near zero, in which a wrong mask would hardly show.
  for (const { data, dims } of parameters.values()) if (dims.length > 1) data.set(data.map((value) => 4 * value));
  const stream = random(7);
  const pixels = float32(
    Float32Array.from({ length: 3 * PHANTOM.image ** 2 }, () => stream.between(-1, 2)),
    [1, 3, PHANTOM.image, PHANTOM.image],
  );

  it("get the probabilities that the exported graphs give each of them alone", async () => {
    const row = packRow(BLOCKS, TEXT, PAD);
    const trained = await runGraph(model, {
      pixel_values: pixels,
      dense_targets: float32(new Float32Array(64 * DENSE_CLASSES.length), [1, 64, DENSE_CLASSES.length]),
      dense_weights: float32(new Float32Array(64 * DENSE_CLASSES.length).fill(1), [1, 64, DENSE_CLASSES.length]),
      ...rowFeeds([row], BOS),
    });
    const graphs = inferenceGraphs(VOCABULARY, Object.fromEntries(parameters));
    const { image_features } = await runGraph(graphs.vision_encoder.model, { pixel_values: pixels });
    const embed = async (ids: number[]) =>
      (await runGraph(graphs.embed_tokens.model, { input_ids: int64(ids, [1, ids.length]) })).inputs_embeds
        .data as Float32Array;
    let at = 0;
    for (const { prompt, answer, seesImage } of BLOCKS) {
      const ids = [...prompt, ...answer.slice(0, -1)];
      const words = await embed(ids);
      const parts = seesImage ? [await embed([BOS]), image_features.data as Float32Array, words] : [words];
      const embeds = Float32Array.from(parts.flatMap((part) => [...part]));
      const { width, heads, layers } = PHANTOM.decoder;
      const tokens = embeds.length / width;
      const caches = Object.fromEntries(
        [...Array(layers).keys()].flatMap((layer) =>
          ["key", "value"].map((part) => [
            `past_key_values.${layer}.${part}`,
            float32([], [1, heads, 0, width / heads]),
          ]),
        ),
      );
      const { logits } = await runGraph(graphs.decoder_model_merged.model, {
        inputs_embeds: float32(embeds, [1, tokens, width]),
        attention_mask: int64(Array(tokens).fill(1), [1, tokens]),
        position_ids: int64([...Array(tokens).keys()], [1, tokens]),
        ...caches,
      });
      answer.forEach((label, i) => {
        const position = tokens - answer.length + i;
        const line = (logits.data as Float32Array).subarray(position * VOCABULARY, (position + 1) * VOCABULARY);
        const total = Math.log(line.reduce((sum, value) => sum + Math.exp(value), 0));
        const inRow = (trained.logprobs.data as Float32Array)[at + prompt.length - 1 + i];
        expect(inRow, `answer token ${i} of ${prompt}`).to.be.closeTo(line[label] - total, 2e-4);
        expect(inRow, "not the uniform guess").not.to.be.closeTo(-Math.log(VOCABULARY), 1e-3);
      });
      at += ids.length;
    }
  });
});
