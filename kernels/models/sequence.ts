import type { Session } from "../runtime/session.ts";
import { float32, int64, type Tensor } from "../tensor.ts";
import type { ImageFeatures } from "./image-features.ts";
import type { Query } from "./model.ts";
import type { EncodedText, QuestionPrompt } from "./prompt.ts";

/** A query and an answer as one sequence for the decoder. */
export interface Sequence {
  text: EncodedText;
  /** Image features, then prompt, then answer. [1, image + prompt + answer, hidden] */
  embeds: Tensor<Float32Array>;
  /** Row whose logits predict the first answer token. */
  firstRow: number;
}

/** Builds decoder inputs: image features first, then the embedded text, as the model was trained. */
export class SequenceBuilder {
  readonly prompt: QuestionPrompt;
  readonly #features: ImageFeatures;
  readonly #embed: Session;

  constructor(prompt: QuestionPrompt, features: ImageFeatures, embed: Session) {
    this.prompt = prompt;
    this.#features = features;
    this.#embed = embed;
  }

  features(query: Query): Promise<Tensor<Float32Array>> | undefined {
    return query.image && this.#features.of(query.image);
  }

  /** `append` follows the answer: the end token in training, nothing in scoring. */
  async build(query: Query, answer: string, prefix: string, append: number[] = []): Promise<Sequence> {
    const text = this.prompt.encode(query.question, answer, prefix);
    text.answer.push(...append);
    const image = await this.features(query);
    const words = await this.embed([...text.prompt, ...text.boundary, ...text.answer]);
    const embeds = image ? concatenate(image, words) : words;
    return { text, embeds, firstRow: (image?.dims[1] ?? 0) + text.prompt.length + text.boundary.length - 1 };
  }

  /** Token embeddings, [1, tokens, hidden]. */
  async embed(ids: number[]): Promise<Tensor<Float32Array>> {
    const { inputs_embeds } = await this.#embed.run({ input_ids: int64(ids, [1, ids.length]) });
    return inputs_embeds as Tensor<Float32Array>;
  }
}

function concatenate(a: Tensor<Float32Array>, b: Tensor<Float32Array>): Tensor<Float32Array> {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return float32(data, [1, a.dims[1] + b.dims[1], b.dims[2]]);
}
