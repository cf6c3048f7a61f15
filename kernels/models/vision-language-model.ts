import { requireKnown } from "../nearest-name.ts";
import { throwIfCancelled } from "../errors.ts";
import { siteWeight } from "../onnx/site-weight.ts";
import type { Site } from "../onnx/sites.ts";
import type { DeviceReport } from "../runtime/device.ts";
import { float32, type Tensor } from "../tensor.ts";
import { addTensors, type CombinedEdits, combineEdits } from "./combine-edits.ts";
import { sequenceFeeds } from "./decoder-feeds.ts";
import type { EditableModel, LossProgram } from "./editable-model.ts";
import type { Edit, SiteId } from "./edit.ts";
import { ContextLengthError } from "./context-length-error.ts";
import { type Generator, generator } from "./generator.ts";
import { scoreRow } from "./log-softmax.ts";
import { type Routed, routed, saidApart, saidInContext, withAnswer } from "./lookup.ts";
import { compileLoss } from "./loss-program.ts";
import { modelDigest } from "./model-digest.ts";
import type { AnswerScore, GenerateOptions, Query } from "./model.ts";
import type { ModelFolder } from "./model-folder.ts";
import type { ModelParts } from "./model-parts.ts";
import type { EncodedText } from "./prompt.ts";
import { insertedRows, type Observed, type ObserveOptions, readObservation, tokenisedApart } from "./observe.ts";
import type { SentenceEncoder } from "./sentence-encoder.ts";
import { SentenceEncoders } from "./sentence-encoders/sentence-encoders.ts";
import { sideFeeds, sideSites } from "./side-feeds.ts";
import { TopKSampling } from "./top-k-sampling.ts";

/** Longest answer in tokens. Answers of the benchmarks are a few words; a model that rambles is cut here. */
const MAX_NEW_TOKENS = 24;

/** A loaded model, or a view of it with edits in force. Views share everything and own nothing. */
export class VisionLanguageModel implements EditableModel {
  readonly id: string;
  readonly folder: ModelFolder;
  readonly device: DeviceReport;
  readonly edits: readonly Edit[];
  readonly sites: readonly Site[];
  readonly contextLength: number;
  readonly #parts: ModelParts;
  readonly #combined: CombinedEdits;
  #generator: Promise<Generator> | undefined;

  readonly #owner: boolean;

  /** `owner` is the model that was loaded; its views are made by `with`. */
  constructor(parts: ModelParts, edits: readonly Edit[] = [], owner = true) {
    this.#owner = owner;
    this.#parts = parts;
    this.id = parts.folder.id;
    this.folder = parts.folder;
    this.device = parts.runtime.device;
    this.sites = parts.decoder.sites;
    this.contextLength = parts.contextLength;
    this.edits = Object.freeze([...edits]);
    this.#combined = combineEdits(edits, this.sites);
  }

  with(...edits: Edit[]): VisionLanguageModel {
    return new VisionLanguageModel(this.#parts, [...this.edits, ...edits], false);
  }

  digest(): Promise<string> {
    return (this.#parts.digest ??= modelDigest(this.folder));
  }

  async answer(query: Query, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    throwIfCancelled(signal, `answering "${query.question}"`);
    const found = this.route(query)?.entry;
    if (found) return found.answer.trim();
    return this.#continue(query, MAX_NEW_TOKENS, signal);
  }

  async generate(query: Query, { maxNewTokens = 100, signal, ...sampling }: GenerateOptions = {}): Promise<string> {
    throwIfCancelled(signal, `continuing "${query.question}"`);
    const found = this.route(query)?.entry;
    if (found) return found.answer.trim();
    const room = this.contextLength - this.promptLength(query);
    return this.#continue(query, Math.max(1, Math.min(maxNewTokens, room)), signal, new TopKSampling(sampling));
  }

  async score(query: Query, answer: string, { signal }: { signal?: AbortSignal } = {}): Promise<AnswerScore> {
    throwIfCancelled(signal, `scoring "${query.question}"`);
    const { text, firstRow, logits } = await this.#forward(query, answer, { signal });
    const rows = text.answer.map((id, i) => scoreRow(logits.data, logits.dims[2], firstRow + i, id));
    return { ids: text.answer, argmax: rows.map((row) => row.argmax), logprobs: rows.map((row) => row.logprob) };
  }

  async observe(query: Query, answer: string, options: ObserveOptions = {}): Promise<Observed> {
    throwIfCancelled(options.signal, `scoring "${query.question}"`);
    const { text, logits } = await this.#forward(query, answer, options);
    const seen = readObservation(text, this.#apart(answer), logits, options);
    const bare = () => this.#parts.sequences.encode(query, answer, "", options);
    return {
      ...seen,
      ...(this.#combined.prefix && options.positions === "all" && { inserted: insertedRows(bare(), text) }),
      ...(options.writes && { written: await this.#write(query, text, seen, options) }),
    };
  }

  route(query: Query): Routed | undefined {
    return this.#combined.lookup && routed(this.#combined.lookup, query);
  }

  async logits(query: Query, answer: string): Promise<Tensor<Float32Array>> {
    return (await this.#forward(query, answer)).logits;
  }

  promptLength(query: Query): number {
    return this.#parts.form.prompt.encode(query, "", this.#combined.prefix).prompt.length;
  }

  async embedText(text: string): Promise<Float32Array> {
    const ids = this.#parts.form.tokenizer.encode(text, { add_special_tokens: false });
    const { data, dims } = await this.#parts.sequences.embed(ids);
    const mean = new Float32Array(dims[2]);
    for (let i = 0; i < data.length; i++) mean[i % dims[2]] += data[i] / dims[1];
    return mean;
  }

  async sentenceEncoder(name: string): Promise<SentenceEncoder> {
    const parts = this.#parts;
    parts.encoders ??= new SentenceEncoders(parts.runtime, (text) => this.embedText(text));
    return parts.encoders.get(name);
  }

  weight(site: SiteId): Tensor<Float32Array> {
    const found = this.sites.find(
      (candidate) =>
        candidate.id ===
        requireKnown(
          "site",
          site,
          this.sites.map(({ id }) => id),
        ),
    )!;
    const base = siteWeight(this.#parts.decoder.graph, found);
    const delta = this.#combined.dense.get(site);
    const factors = this.#combined.lowRank.get(site);
    const edited = delta ? addTensors(base, delta) : base;
    return factors ? addTensors(edited, product(factors.a, factors.b)) : edited;
  }

  lossProgram(sites: SiteId[]): Promise<LossProgram> {
    return compileLoss(this.#parts, this.#combined, sites);
  }

  /** Releases the sessions and the worker. Call it on the loaded model; a view owns nothing. */
  async dispose(): Promise<void> {
    if (!this.#owner) return;
    await this.#parts.encoders?.dispose();
    await this.#parts.runtime.dispose();
  }

  async #continue(query: Query, maxNewTokens: number, signal?: AbortSignal, choose?: TopKSampling): Promise<string> {
    const { form } = this.#parts;
    const { prompt } = form.prompt.encode(query, "", this.#combined.prefix);
    const ids = await this.#generate(prompt, query, maxNewTokens, signal, choose);
    return form.tokenizer.decode(ids, { skip_special_tokens: true }).trim();
  }

  /** As many ids as there are labels of the answer, behind the question of `text`; a table's answer and its end where one is found. */
  async #write(query: Query, text: EncodedText, { apart }: Observed, options: ObserveOptions): Promise<number[]> {
    const { labels = "in-context", signal } = options;
    const length = labels === "in-context" ? text.answer.length : apart[labels].length;
    const found = this.route(query)?.entry;
    if (!found) return this.#generate([...text.prompt, ...text.boundary], query, length, signal);
    const { sequences, endToken } = this.#parts;
    const said =
      labels === "in-context"
        ? sequences.encode(query, found.answer, this.#combined.prefix, options).answer
        : this.#apart(found.answer)[labels];
    return [...said, endToken].slice(0, length);
  }

  async #generate(
    prompt: number[],
    query: Query,
    maxNewTokens: number,
    signal?: AbortSignal,
    choose?: TopKSampling,
  ): Promise<number[]> {
    const { sequences, form, folder, embed } = this.#parts;
    requireRoom(query, prompt.length + maxNewTokens, this.contextLength);
    this.#generator ??= this.#parts.decoder
      .generation(sideSites(this.#combined))
      .then((decoder) => generator(folder, form.network, { embed, decoder }, sideFeeds(this.#combined)));
    return (await this.#generator)(prompt, await sequences.features(query), maxNewTokens, signal, choose);
  }

  async #forward(query: Query, answer: string, options: ObserveOptions = {}) {
    const { sequences, endToken } = this.#parts;
    const { text, embeds, firstRow } = await sequences.build(query, answer, this.#combined.prefix, options);
    requireRoom(query, embeds.dims[1], this.contextLength);
    const session = await this.#session();
    const feeds = { ...sequenceFeeds(session.inputs, embeds), ...sideFeeds(this.#combined) };
    // The caches of all layers are outputs too; nothing here reads them.
    const { logits } = await session.run(feeds, { outputs: ["logits"], signal: options.signal });
    const own = logits as Tensor<Float32Array>;
    const found = this.route(query)?.entry;
    if (!found) return { text, firstRow, logits: own };
    const { labels = "in-context" } = options;
    const said =
      labels === "in-context"
        ? saidInContext(text, sequences.encode(query, found.answer, this.#combined.prefix, options))
        : saidApart(own.dims[1], this.#apart(answer)[labels], this.#apart(found.answer)[labels]);
    return { text, firstRow, logits: withAnswer(own, said, endToken) };
  }

  #apart(answer: string): Observed["apart"] {
    return tokenisedApart(this.#parts.form.tokenizer, answer.trim());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #session() {
    return this.#parts.decoder.session(sideSites(this.#combined));
  }
}

/** A [n, r] times B [r, m]. */
function product(a: Tensor<Float32Array>, b: Tensor<Float32Array>): Tensor<Float32Array> {
  const [rows, rank] = a.dims;
  const columns = b.dims[1];
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rank; k++)
      for (let j = 0; j < columns; j++) out[i * columns + j] += a.data[i * rank + k] * b.data[k * columns + j];
  return float32(out, [rows, columns]);
}

/** Beyond its context a model answers nonsense without a word. */
function requireRoom({ question }: Query, tokens: number, limit: number): void {
  if (tokens > limit) throw new ContextLengthError(question, tokens, limit);
}
