import { gradientName } from "../onnx/gradients/vjp.ts";
import { denseInputName } from "../onnx/surgery/dense.ts";
import { float32, int64, type Tensor } from "../tensor.ts";
import { addTensors, type CombinedEdits } from "./combine-edits.ts";
import { sequenceFeeds } from "./decoder-feeds.ts";
import type { LossProgram } from "./editable-model.ts";
import type { SiteId } from "./edit.ts";
import type { ModelParts } from "./model-parts.ts";
import { sideFeeds, sideSites } from "./side-feeds.ts";

/**
 * The loss of an answer, and its gradient with respect to a trainable delta at each of `targets`, on a view's decoder.
 *
 * The answer's word boundary and the end token are part of the loss, so that greedy generation starts and stops as it shall. (Official code
 * bases train the answer alone; scored by teacher forcing they never see that the edited model goes on talking.)
 */
export async function compileLoss(parts: ModelParts, edits: CombinedEdits, targets: SiteId[]): Promise<LossProgram> {
  const sites = sideSites(edits);
  const session = await parts.decoder.lossSession(
    { ...sites, dense: [...new Set([...sites.dense, ...targets])].sort() },
    targets,
  );
  const fixed = sideFeeds(edits);
  const wanted = ["loss", ...targets.map((site) => gradientName(denseInputName(site)))];
  return {
    async run(query, answer, deltas, { signal } = {}) {
      const { text, embeds, firstRow } = await parts.sequences.build(query, answer, edits.prefix, {
        append: [parts.endToken],
      });
      const total = Object.fromEntries(
        targets.map((site) => [denseInputName(site), addTensors(edits.dense.get(site), deltas[site])]),
      );
      const feeds = {
        ...sequenceFeeds(session.inputs, embeds),
        ...answerLabels(embeds.dims[1], firstRow - text.boundary.length, [...text.boundary, ...text.answer]),
        ...fixed,
        ...total,
      };
      const outputs = await session.run(feeds, { outputs: wanted, signal });
      const gradient = (site: SiteId) =>
        [site, outputs[gradientName(denseInputName(site))] as Tensor<Float32Array>] as const;
      return { loss: Number(outputs.loss.data[0]), gradients: Object.fromEntries(targets.map(gradient)) };
    },
  };
}

/** Row r of the logits predicts token r + 1, so labels sit one row before the token they name; other rows weigh nothing. */
function answerLabels(tokens: number, firstRow: number, answer: number[]): Record<string, Tensor> {
  const labels = new BigInt64Array(tokens);
  const weights = new Float32Array(tokens);
  answer.forEach((id, i) => {
    labels[firstRow + i] = BigInt(id);
    weights[firstRow + i] = 1 / answer.length;
  });
  return { labels: int64(labels, [1, tokens]), loss_weights: float32(weights, [1, tokens]) };
}
