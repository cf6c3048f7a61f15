import { Runtime } from "../../runtime/runtime.ts";
import { openSentenceEncoder, type SentenceEncoder, TOKEN_EMBEDDINGS } from "../sentence-encoder.ts";
import { rememberVectors } from "./remember-vectors.ts";
import { unitLength } from "./sentence-vector.ts";

/** A model's token embeddings. */
export interface TokenEmbeddings {
  /** Their mean over the tokens of a text, [hidden]. */
  embedText(text: string): Promise<Float32Array>;
  /** Digest of the model. */
  digest(): Promise<string>;
}

/**
 * The sentence encoders that editors and scopes of one model ask for, each opened once. They share the model's engine where it runs on the CPU,
 * and otherwise one of their own, so that vectors are the same wherever the model runs. The model disposes them.
 */
export class SentenceEncoders {
  readonly #opened = new Map<string, Promise<SentenceEncoder>>();
  readonly #shared: Runtime;
  readonly #embeddings: TokenEmbeddings;
  #own: Promise<Runtime> | undefined;

  /** `embeddings` is what the encoder "embeddings" needs. */
  constructor(runtime: Runtime, embeddings: TokenEmbeddings) {
    this.#shared = runtime;
    this.#embeddings = embeddings;
  }

  /** Opens an encoder, or returns the open one. What failed is tried again when it is asked for again. Throws: see openSentenceEncoder. */
  get(name: string): Promise<SentenceEncoder> {
    const found = this.#opened.get(name);
    if (found) return found;
    const opening = name === TOKEN_EMBEDDINGS ? Promise.resolve(this.#tokenEmbeddings()) : this.#open(name);
    this.#opened.set(name, opening);
    opening.catch(() => this.#opened.delete(name));
    return opening;
  }

  async dispose(): Promise<void> {
    await (await this.#own)?.dispose();
  }

  async #open(name: string): Promise<SentenceEncoder> {
    const onCpu = this.#shared.device.device === "cpu";
    return openSentenceEncoder(name, { runtime: onCpu ? this.#shared : await (this.#own ??= Runtime.start("cpu")) });
  }

  #tokenEmbeddings(): SentenceEncoder {
    const { embedText, digest } = this.#embeddings;
    const encode = rememberVectors(async (text) => unitLength(await embedText(text)));
    return { id: TOKEN_EMBEDDINGS, digest, encode, dispose: async () => {} };
  }
}
