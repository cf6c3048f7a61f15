import { throwIfCancelled } from "../errors.ts";
import { siteWeight } from "../onnx/site-weight.ts";
import type { Site } from "../onnx/sites.ts";
import { siteNamed } from "./with-sides.ts";
import type { DeviceReport } from "../runtime/device.ts";
import type { Tensor } from "../tensor.ts";
import { ActiveEdits } from "./active-edits.ts";
import { addTensors, type CombinedEdits, lowRankProduct, withDeltas } from "./combine-edits.ts";
import { compileObjective } from "./compile-objective.ts";
import { EditedParts } from "./edited-parts.ts";
import { sequenceFeeds } from "./decoder-feeds.ts";
import type { EditableModel, States, StatesOptions } from "./editable-model.ts";
import type { EditObjective, ObjectiveOptions } from "./edit-objective.ts";
import type { Edit, SiteId } from "./edit.ts";
import { requireRoom } from "./context-length-error.ts";
import { generator } from "./generator.ts";
import { scoreRow } from "./log-softmax.ts";
import { routed, saidApart, saidInContext, withAnswer } from "./lookup.ts";
import { modelDigest } from "./model-digest.ts";
import type { AnswerScore, GenerateOptions, Query } from "./model.ts";
import type { ModelFolder } from "./model-folder.ts";
import type { ModelParts } from "./model-parts.ts";
import { insertedRows, type Observed, type ObserveOptions, readObservation, tokenisedApart } from "./observe.ts";
import type { EncodedText } from "./prompt.ts";
import type { ScopeProbe } from "./scopes/decide.ts";
import type { Decision } from "./scopes/scope.ts";
import type { Tap } from "./taps.ts";
import type { SentenceEncoder } from "./sentence-encoder.ts";
import { SentenceEncoders } from "./sentence-encoders/sentence-encoders.ts";
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
  readonly #active: ActiveEdits;
  readonly #edited: EditedParts;
  readonly #owner: boolean;

  /** `owner` is the model that was loaded; its views are made by `with`. */
  constructor(parts: ModelParts, edits: readonly Edit[] = [], owner = true) {
    this.#owner = owner;
    this.#parts = parts;
    this.id = parts.folder.id;
    this.folder = parts.folder;
    this.device = parts.runtime.device;
    this.sites = [...(parts.vision?.sites ?? []), ...parts.decoder.sites];
    this.contextLength = parts.contextLength;
    this.edits = Object.freeze([...edits]);
    this.#active = new ActiveEdits(edits, this.sites);
    this.#edited = new EditedParts(parts);
  }

  with(...edits: Edit[]): VisionLanguageModel {
    return new VisionLanguageModel(this.#parts, [...this.edits, ...edits], false);
  }

  digest(): Promise<string> {
    return (this.#parts.digest ??= modelDigest(this.folder));
  }

  /** How often sequences went through the decoder and back since the model was loaded. */
  get passes(): { forward: number; backward: number } {
    return { ...this.#parts.passes };
  }

  async answer(query: Query, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    throwIfCancelled(signal, `answering "${query.question}"`);
    return this.#continue(query, MAX_NEW_TOKENS, signal);
  }

  async generate(query: Query, { maxNewTokens = 100, signal, ...sampling }: GenerateOptions = {}): Promise<string> {
    throwIfCancelled(signal, `continuing "${query.question}"`);
    return this.#continue(query, maxNewTokens, signal, new TopKSampling(sampling));
  }

  async score(query: Query, answer: string, { signal }: { signal?: AbortSignal } = {}): Promise<AnswerScore> {
    throwIfCancelled(signal, `scoring "${query.question}"`);
    const { text, firstRow, logits } = await this.#forward(query, answer, { signal });
    const rows = text.answer.map((id, i) => scoreRow(logits.data, logits.dims[2], firstRow + i, id));
    return { ids: text.answer, argmax: rows.map((row) => row.argmax), logprobs: rows.map((row) => row.logprob) };
  }

  async observe(query: Query, answer: string, options: ObserveOptions = {}): Promise<Observed> {
    throwIfCancelled(options.signal, `scoring "${query.question}"`);
    const { text, logits, prefix } = await this.#forward(query, answer, options);
    const seen = readObservation(text, this.#apart(answer), logits, options);
    const bare = () => this.#parts.sequences.encode(query, answer, "", options);
    return {
      ...seen,
      ...(prefix && options.positions === "all" && { inserted: insertedRows(bare(), text) }),
      ...(options.writes && { written: await this.#write(query, text, seen, options) }),
    };
  }

  async route(query: Query): Promise<Decision | undefined> {
    const { edits, decisions } = await this.#on(query);
    if (edits.lookup) {
      const entry = routed(edits.lookup, query);
      const why = entry ? "the question is in the table" : "the question is not in the table";
      return { fires: entry !== undefined, case: entry?.case, score: Number(entry !== undefined), threshold: 1, why };
    }
    // Where several edits route, the latest that fires is the one to name.
    return decisions.findLast(({ fires }) => fires) ?? decisions.at(-1);
  }

  async logits(query: Query, answer: string): Promise<Tensor<Float32Array>> {
    return (await this.#forward(query, answer)).logits;
  }

  promptLength(query: Query): number {
    return this.#encoded(query).length;
  }

  promptRow(query: Query, end: number): number {
    const [whole, cut] = [this.#encoded(query), this.#encoded({ ...query, question: query.question.slice(0, end) })];
    const differs = cut.findIndex((id, i) => id !== whole[i]);
    if (differs >= 0) return Math.max(0, differs - 1);
    // The question ends there: what follows is the template's, which another word behind the question moves away.
    const longer = this.#encoded({ ...query, question: `${query.question.trimEnd()} ?` });
    return Math.max(0, longer.findIndex((id, i) => id !== whole[i]) - 1);
  }

  imageRows(query: Query): Promise<readonly [number, number] | undefined> {
    const text = this.#parts.form.prompt.encode(query, "", this.#active.always.prefix);
    return this.#parts.sequences.imageRows(query, text);
  }

  async states(query: Query, taps: readonly Tap[], options: StatesOptions = {}): Promise<States> {
    return this.#edited.states(query, taps, this.#active.always, options);
  }

  objective(options: ObjectiveOptions): Promise<EditObjective> {
    const { always } = this.#active;
    return this.#edited
      .sequences(always)
      .then((sequences) => compileObjective({ ...this.#parts, sequences }, always, options));
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
    parts.encoders ??= new SentenceEncoders(parts.runtime, {
      embedText: (text) => this.embedText(text),
      digest: () => this.digest(),
    });
    return parts.encoders.get(name);
  }

  weight(id: SiteId): Tensor<Float32Array> {
    const site = siteNamed(this.sites, id);
    const { decoder, vision } = this.#parts;
    const base = siteWeight(vision?.has(id) ? vision.graph : decoder.graph, site);
    const { dense, lowRank } = this.#active.always;
    const delta = dense.get(site.id);
    const factors = lowRank.get(site.id);
    const edited = delta ? addTensors(base, delta) : base;
    return factors ? addTensors(edited, lowRankProduct(factors)) : edited;
  }

  /** Releases the sessions and the worker. Call it on the loaded model; a view owns nothing. */
  async dispose(): Promise<void> {
    if (!this.#owner) return;
    await this.#parts.encoders?.dispose();
    await this.#parts.runtime.dispose();
  }

  async #continue(query: Query, most: number, signal?: AbortSignal, choose?: TopKSampling): Promise<string> {
    const { form } = this.#parts;
    const { edits } = await this.#on(query, signal);
    const found = edits.lookup && routed(edits.lookup, query);
    if (found) return found.answer.trim();
    const { prompt } = form.prompt.encode(query, "", edits.prefix);
    // A sampled text goes on as long as there is room; a greedy answer needs all of its own.
    const room = this.contextLength - prompt.length;
    const maxNewTokens = choose ? Math.max(1, Math.min(most, room)) : most;
    const ids = await this.#generate(prompt, prompt.length - 1, query, edits, maxNewTokens, signal, choose);
    return form.tokenizer.decode(ids, { skip_special_tokens: true }).trim();
  }

  /** As many ids as there are labels of the answer, behind the question of `text`; a table's answer and its end where one is found. */
  async #write(query: Query, text: EncodedText, { apart }: Observed, options: ObserveOptions): Promise<number[]> {
    const { labels = "in-context", signal } = options;
    const { edits } = await this.#on(query, signal);
    const length = labels === "in-context" ? text.answer.length : apart[labels].length;
    const found = edits.lookup && routed(edits.lookup, query);
    const prompt = [...text.prompt, ...text.boundary];
    if (!found) return this.#generate(prompt, text.prompt.length - 1, query, edits, length, signal);
    const { sequences, endToken } = this.#parts;
    const said =
      labels === "in-context"
        ? sequences.encode(query, found.answer, edits.prefix, options).answer
        : this.#apart(found.answer)[labels];
    return [...said, endToken].slice(0, length);
  }

  /** Goes on after a prompt. `row` is the last of the question, where values are replaced. */
  async #generate(
    prompt: number[],
    row: number,
    query: Query,
    edits: CombinedEdits,
    maxNewTokens: number,
    signal?: AbortSignal,
    choose?: TopKSampling,
  ): Promise<number[]> {
    const { form, folder, embed } = this.#parts;
    requireRoom(query, prompt.length + maxNewTokens, this.contextLength);
    const sequences = await this.#edited.sequences(edits);
    const decoder = await this.#edited.generation(edits);
    // The first run reads the whole prompt; those that follow read one token each and replace nothing any more.
    const side = (tokens: number, run: number) => this.#edited.side(decoder, edits, tokens, run === 0 ? row : -1);
    const generate = generator(folder, form.network, { embed, decoder }, side);
    return generate(prompt, await sequences.features(query), maxNewTokens, signal, choose);
  }

  async #forward(query: Query, answer: string, options: ObserveOptions = {}) {
    const { endToken, passes } = this.#parts;
    const { edits } = await this.#on(query, options.signal);
    const sequences = await this.#edited.sequences(edits);
    const { text, embeds, firstRow } = await sequences.build(query, answer, edits.prefix, options);
    requireRoom(query, embeds.dims[1], this.contextLength);
    const session = await this.#edited.session(edits);
    const feeds = {
      ...sequenceFeeds(session.inputs, embeds),
      ...this.#edited.side(session, edits, embeds.dims[1], text.prompt.length - 1),
    };
    // The caches of all layers are outputs too; nothing here reads them.
    const { logits } = await session.run(feeds, { outputs: ["logits"], signal: options.signal });
    passes.forward++;
    const own = logits as Tensor<Float32Array>;
    const found = edits.lookup && routed(edits.lookup, query);
    if (!found) return { text, firstRow, logits: own, prefix: edits.prefix };
    const { labels = "in-context" } = options;
    const said =
      labels === "in-context"
        ? saidInContext(text, sequences.encode(query, found.answer, edits.prefix, options))
        : saidApart(own.dims[1], this.#apart(answer)[labels], this.#apart(found.answer)[labels]);
    return { text, firstRow, logits: withAnswer(own, said, endToken), prefix: edits.prefix };
  }

  /** What acts on a query: scopes see the model in which the edits that always act are in force. */
  #on(query: Query, signal?: AbortSignal) {
    // Until nobody waits for the verdict: the asker who came first may be stopped while others go on.
    const probe = (asked: Query, shared: AbortSignal): ScopeProbe => ({
      query: asked,
      encoder: (name) => this.sentenceEncoder(name),
      signal: shared,
      states: async (taps, deltas) => {
        const { always } = this.#active;
        const edits = deltas ? withDeltas(always, deltas) : always;
        return (await this.#edited.states(asked, taps, edits, { signal: shared })).values;
      },
    });
    return this.#active.on(query, probe, signal);
  }

  #encoded(query: Query): number[] {
    return this.#parts.form.prompt.encode(query, "", this.#active.always.prefix).prompt;
  }

  #apart(answer: string): Observed["apart"] {
    return tokenisedApart(this.#parts.form.tokenizer, answer.trim());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
