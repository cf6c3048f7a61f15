import type { Session } from "../runtime/session.ts";
import { float32, int64, type Tensor } from "../tensor.ts";
import type { HubNetwork } from "./hub-network.ts";
import { fromHub, idsToHub, toHub } from "./hub-tensor.ts";
import type { ImageFeatures } from "./image-features.ts";
import type { Query } from "./model.ts";
import type { ObserveOptions } from "./observe.ts";
import type { EncodedText, PromptForm } from "./prompt.ts";

/** A query and an answer as one sequence for the decoder. */
export interface Sequence {
  text: EncodedText;
  /** Prompt with image features in place, then answer. [1, prompt + answer, hidden] */
  embeds: Tensor<Float32Array>;
  /** Row whose logits predict the first answer token. */
  firstRow: number;
}

/** Builds decoder inputs: the embedded text, with image features where the model's form has them. */
export class SequenceBuilder {
  readonly prompt: PromptForm;
  readonly #features: ImageFeatures | undefined;
  readonly #embed: Session;
  readonly #merge: HubNetwork["merge"];

  /** Without `features` the prompt refuses images. */
  constructor(prompt: PromptForm, features: ImageFeatures | undefined, embed: Session, merge: HubNetwork["merge"]) {
    this.prompt = prompt;
    this.#features = features;
    this.#embed = embed;
    this.#merge = merge;
  }

  /** The same with other features, such as those of an edited encoder. */
  withFeatures(features: ImageFeatures): SequenceBuilder {
    return new SequenceBuilder(this.prompt, features, this.#embed, this.#merge);
  }

  features(query: Query): Promise<Tensor<Float32Array>> | undefined {
    return query.image && this.#features?.of(query.image);
  }

  /** `append` follows the answer: the end token in training, nothing in scoring. */
  async build(
    query: Query,
    answer: string,
    prefix: string,
    { append = [], ...options }: Pick<ObserveOptions, "form" | "wording"> & { append?: number[] } = {},
  ): Promise<Sequence> {
    const text = this.encode(query, answer, prefix, options);
    text.answer.push(...append);
    const ids = [...text.prompt, ...text.boundary, ...text.answer];
    const image = await this.features(query);
    const words = await this.embed(ids);
    const embeds = image ? this.#merged(ids, words, image) : words;
    return { text, embeds, firstRow: text.prompt.length + text.boundary.length - 1 };
  }

  encode(
    query: Query,
    answer: string,
    prefix: string,
    { form = "own", wording = "{question}" }: Pick<ObserveOptions, "form" | "wording">,
  ): EncodedText {
    const asked = { ...query, question: wording.split("{question}").join(query.question.trim()) };
    return form === "own" ? this.prompt.encode(asked, answer, prefix) : this.prompt.join(asked, answer, prefix, form);
  }

  /** First row that image features take, and the row past the last; undefined without an image. */
  async imageRows(query: Query, { prompt }: EncodedText): Promise<readonly [number, number] | undefined> {
    const features = await this.features(query);
    if (!features) return undefined;
    const places = this.placed(prompt, features.dims);
    return [Math.min(...places), Math.max(...places) + 1];
  }

  /** The row of the sequence that each row of image features takes. Shapes: ids [tokens], features [1, image rows, hidden]. */
  placed(ids: readonly number[], [, rows, hidden]: readonly number[]): number[] {
    const marks = float32(new Float32Array(rows * hidden), [1, rows, hidden]);
    for (let row = 0; row < rows; row++) marks.data.fill(row + 1, row * hidden, (row + 1) * hidden);
    const empty = float32(new Float32Array(ids.length * hidden), [1, ids.length, hidden]);
    const { data } = this.#merged([...ids], empty, marks);
    const places = new Array<number>(rows);
    for (let token = 0; token < ids.length; token++) {
      const mark = data[token * hidden];
      if (mark > 0) places[mark - 1] = token;
    }
    return places;
  }

  /** Token embeddings, [1, tokens, hidden]. */
  async embed(ids: number[]): Promise<Tensor<Float32Array>> {
    const { inputs_embeds } = await this.#embed.run({ input_ids: int64(ids, [1, ids.length]) });
    return inputs_embeds as Tensor<Float32Array>;
  }

  #merged(ids: number[], words: Tensor, image: Tensor): Tensor<Float32Array> {
    const inputs = { ...idsToHub(ids), inputs_embeds: toHub(words), image_features: toHub(image) };
    return fromHub(this.#merge(inputs).inputs_embeds) as Tensor<Float32Array>;
  }
}
