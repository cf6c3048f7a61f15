import { makeNode, makeValueInfo } from "../onnx/builder.ts";
import { shallowCopy, withGraph } from "../onnx/graph.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { chain } from "../onnx/surgery/chain.ts";
import { declared } from "../onnx/values.ts";
import { float32, type Tensor } from "../tensor.ts";
import { TextOnlyError } from "./text-prompt.ts";
import type { Example } from "./example-batch.ts";
import type { Sequence, SequenceBuilder } from "./sequence.ts";
import type { VisionTower } from "./vision-tower.ts";

const WORDS = "joined:words";
const PLACES = "joined:places";
const EMBEDS = "joined:embeds";

/**
 * Vision encoder and decoder as one graph, so that a loss on words has gradients in the encoder. Image features are set among the words'
 * embeddings by a product with a matrix of zeros and ones.
 *
 * New inputs beside the images: `joined:words` [batch, tokens, hidden], zero where features go, and `joined:places`
 * [batch, tokens, image rows]. `features`: the shape of one image's features, [1, rows, hidden]. Throws: SurgeryError where the two graphs are written in different operator sets.
 */
export function joinedGraph(vision: OnnxModel, decoder: OnnxModel, [, rows, hidden]: readonly number[]): OnnxModel {
  const { graph } = vision;
  const batched = graph.input.map((input) => {
    const { type, dims } = declared(input);
    const own = dims && typeof dims[0] !== "number" && type !== undefined;
    return own ? makeValueInfo(input.name, type, ["batch_size", ...dims.slice(1)]) : input;
  });
  const placed = "joined:placed";
  const first = withGraph(shallowCopy(vision), {
    input: [
      ...batched,
      makeValueInfo(WORDS, "float32", ["batch_size", "sequence_length", hidden]),
      makeValueInfo(PLACES, "float32", ["batch_size", "sequence_length", rows]),
    ],
    node: [
      ...graph.node,
      makeNode("MatMul", [PLACES, "image_features"], [placed], {}, placed),
      makeNode("Add", [WORDS, placed], [EMBEDS], {}, EMBEDS),
    ],
    output: [makeValueInfo(EMBEDS, "float32")],
  });
  return chain(first, decoder, { inputs_embeds: EMBEDS });
}

/** The joined graph's inputs for some examples, instead of `inputs_embeds`. */
export async function joinedFeeds(
  tower: VisionTower,
  builder: SequenceBuilder,
  examples: readonly Example[],
  sequences: readonly Sequence[],
  tokens: number,
): Promise<Record<string, Tensor>> {
  const images: (Record<string, Tensor> | undefined)[] = [];
  for (const { query } of examples) images.push(query.image && (await tower.prepare(query.image)));
  const shown = images.find(Boolean);
  const dims = await featureDims(tower, examples);
  const [, rows, hidden] = dims;
  const words = new Float32Array(examples.length * tokens * hidden);
  const places = new Float32Array(examples.length * tokens * rows);
  for (const [e, { embeds, text }] of sequences.entries()) {
    words.set(embeds.data, e * tokens * hidden);
    if (!images[e]) continue;
    builder.placed(text.prompt, dims).forEach((token, row) => {
      const at = e * tokens + token;
      words.fill(0, at * hidden, (at + 1) * hidden);
      places[at * rows + row] = 1;
    });
  }
  const feeds: Record<string, Tensor> = {
    [WORDS]: float32(words, [examples.length, tokens, hidden]),
    [PLACES]: float32(places, [examples.length, tokens, rows]),
  };
  for (const [name, { dims: one, data }] of Object.entries(shown!)) {
    const size = data.length;
    const all = new Float32Array(examples.length * size);
    images.forEach((image, e) => image && all.set(image[name].data as Float32Array, e * size));
    feeds[name] = float32(all, [examples.length, ...one.slice(1)]);
  }
  return feeds;
}

/** Shape of the features of one of the examples' images. Throws: TextOnlyError where none has one. */
export async function featureDims(tower: VisionTower, examples: readonly Example[]): Promise<readonly number[]> {
  const image = examples.find(({ query }) => query.image)?.query.image;
  if (image) return (await tower.features.of(image)).dims;
  throw new TextOnlyError(
    "an edit of the vision encoder needs a case with an image; none of these has one. Choose a site of the decoder.",
  );
}
