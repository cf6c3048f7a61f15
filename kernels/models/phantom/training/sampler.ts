import { render } from "../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { random } from "../../../random.ts";
import { float32 } from "../../../tensor.ts";
import type { Tensor } from "../../../tensor.ts";
import { PHANTOM } from "../config.ts";
import { normalisePixels } from "../normalise-pixels.ts";
import { SPECIAL_TOKEN_IDS } from "../tokenizer/special-tokens.ts";
import type { BatchWorkerData, Stage } from "./batch-protocol.ts";
import { BlockEncoder } from "./block-encoder.ts";
import { denseFeeds, denseTargets } from "./dense-targets.ts";
import type { DenseTargets } from "./dense-targets.ts";
import { packRow } from "./row.ts";
import type { Row } from "./row.ts";
import { rowFeeds } from "./row-feeds.ts";
import { sceneSeed } from "./seeds.ts";
import { trainingQuestions } from "./training-questions.ts";

/** Draws the batches of all stages: scenes with what is seen where, and rows of questions about them and about the knowledge base. */
export class TrainingSampler {
  readonly #data: BatchWorkerData;
  readonly #encoder = new BlockEncoder();

  constructor(data: BatchWorkerData) {
    this.#data = data;
  }

  /** Batch number `step` of a stage: a pure function of the seed. */
  feeds(stage: Stage, step: number): Record<string, Tensor> {
    const count = this.#data.batch[stage];
    const pixels = new Float32Array(count * 3 * PHANTOM.image ** 2);
    const dense: DenseTargets[] = [];
    const rows: Row[] = [];
    for (let i = 0; i < count; i++) {
      const seed = sceneSeed(this.#data.seed, stage, step * count + i);
      const scene = sampleScene(seed);
      const { image, entities } = render(scene, PHANTOM.image);
      normalisePixels(image, pixels, i * 3 * PHANTOM.image ** 2);
      dense.push(denseTargets(scene, entities));
      if (stage === "vision") continue;
      const blocks = trainingQuestions(scene, random(~seed), stage === "wordings").map((asked) =>
        this.#encoder.block(asked),
      );
      rows.push(packRow(blocks, this.#data.text, SPECIAL_TOKEN_IDS.pad));
    }
    return {
      pixel_values: float32(pixels, [count, 3, PHANTOM.image, PHANTOM.image]),
      ...denseFeeds(dense),
      ...(stage !== "vision" && rowFeeds(rows, SPECIAL_TOKEN_IDS.bos)),
    };
  }
}
