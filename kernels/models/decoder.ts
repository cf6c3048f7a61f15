import { relative } from "node:path";
import type { OnnxModel } from "../onnx/graph.ts";
import { inlineFunctions } from "../onnx/inline-functions.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { resolveIf } from "../onnx/resolve-if.ts";
import { learnTrace } from "../onnx/shapes/index.ts";
import { packedBytes } from "../onnx/packed-bytes.ts";
import { commonFolder, sessionSource, type SessionSource } from "../onnx/session-source.ts";
import { findSites, type Site } from "../onnx/sites.ts";
import { floatEdges } from "../onnx/surgery/float-edges.ts";
import { takesTerms } from "../onnx/surgery/site-node.ts";
import { splitEmbedding } from "../onnx/surgery/split-embedding.ts";
import type { Trace } from "../onnx/trace.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import { BRANCH_INPUT, CacheBranches } from "./cache-branches.ts";
import type { GraphSession } from "./graph-session.ts";
import { isCausal } from "./is-causal.ts";
import { shareWeights } from "./share-weights.ts";
import { isEmpty, type SideSites } from "./side-feeds.ts";
import { tapped, type Tap } from "./taps.ts";
import { traceFeeds } from "./trace-feeds.ts";
import { withSides } from "./with-sides.ts";

/**
 * A model's decoder: its graph, its edit sites, and one compiled session for every set of side inputs that was asked for.
 *
 * The base session is the file itself, untouched (large weights are mapped from a data file instead; embeddings and logits in half precision
 * are cast from and to float32); edits run in sessions of rewritten graphs over the same weights. A merged decoder (one `If` on
 * `use_cache_branch`) is taken apart into its two branches: whole sequences run in the one without a cache, generation in both.
 */
export class Decoder {
  /** What whole sequences run in. */
  readonly graph: OnnxModel;
  readonly sites: readonly Site[];
  readonly base: Session;
  readonly #runtime: Runtime;
  readonly #where: string;
  /** The branch of a merged decoder that goes on from a cache. */
  readonly #step: OnnxModel | undefined;
  readonly #compiled = new Map<string, Promise<Session>>();
  readonly #made = new Map<string, Promise<unknown>>();

  private constructor(runtime: Runtime, where: string, graphs: { whole: OnnxModel; step?: OnnxModel }, base: Session) {
    this.#runtime = runtime;
    this.#where = where;
    this.graph = graphs.whole;
    this.#step = graphs.step;
    this.base = base;
    this.sites = editable(graphs.whole);
  }

  /** Throws: OnnxFormatError for a damaged file, ExternalDataError for missing data files, ModelFileError for one that ONNX Runtime refuses. */
  static async open(runtime: Runtime, file: string): Promise<Decoder> {
    const where = relative(process.cwd(), file) || file;
    const read = inlineFunctions(await readModelFile(file), where);
    const shared = shareWeights(read, () => runtime.scratch.path, "decoder.bin");
    if (shared.graph.input.some((input) => input.name === BRANCH_INPUT)) {
      const branch = (cached: boolean) => floatEdges(resolveIf(shared, { [BRANCH_INPUT]: cached }), isCache);
      const graphs = { whole: branch(false), step: branch(true) };
      const base = await runtime.open(async () => sessionSource(graphs.whole), where);
      return new Decoder(runtime, where, graphs, base);
    }
    const graph = floatEdges(shared, isCache);
    const untouched = graph === shared && commonFolder(graph) === undefined;
    const source = untouched ? file : async () => sessionSource(graph);
    return new Decoder(runtime, where, { whole: graph }, await runtime.open(source, where));
  }

  /** Opens a decoder that takes token ids: its look-up becomes a session of its own. Throws as `open`; SurgeryError where it cannot be cut out. */
  static async openText(runtime: Runtime, file: string): Promise<{ decoder: Decoder; embed: Session }> {
    const where = relative(process.cwd(), file) || file;
    const read = inlineFunctions(await readModelFile(file), where);
    const split = splitEmbedding(shareWeights(read, () => runtime.scratch.path, "decoder.bin"));
    const [embed, decoder] = [floatEdges(split.embed), floatEdges(split.decoder, isCache)];
    const base = await runtime.open(async () => sessionSource(decoder), where);
    return {
      decoder: new Decoder(runtime, where, { whole: decoder }, base),
      embed: await runtime.open(async () => sessionSource(embed), `${where}, look-up of tokens`),
    };
  }

  /** The session that offers exactly these side inputs; the base session when there are none. */
  session(sides: SideSites): Promise<Session> {
    if (isEmpty(sides)) return Promise.resolve(this.base);
    return this.compile("side inputs", sides, async () => this.edited(sides));
  }

  /** The sessions that transformers.js generates with: with a cache and, in a merged decoder, without. */
  async generation(sides: SideSites): Promise<GraphSession> {
    const step = this.#step;
    if (!step) return this.session(sides);
    const cached = this.compile("a cache and side inputs", sides, async () => this.edited(sides, step));
    return new CacheBranches(await this.session(sides), await cached);
  }

  /** A session that gives these values alone, and computes no more than they need. Its outputs have the names of the taps. */
  tapped(sides: SideSites, taps: readonly Tap[]): Promise<Session> {
    return this.compile("hidden values", { sides, taps }, async () => tapped(this.edited(sides), this.sites, taps));
  }

  /** The graph of whole sequences with these side inputs. Throws: UnknownNameError, SurgeryError. */
  edited(sides: SideSites, graph = this.graph): OnnxModel {
    return withSides(graph, graph === this.graph ? this.sites : editable(graph), sides);
  }

  /** Whether a token changes none before it. Found out once. */
  causal(): Promise<boolean> {
    return this.once("whether it is causal", {}, () => isCausal(this.base));
  }

  /** What running a graph of this decoder shows of its values' types and sizes. */
  trace(model: OnnxModel): Promise<Trace> {
    return learnTrace(model, traceFeeds(model), (...call) => this.#runtime.runOnce(...call));
  }

  /** Makes something once for every `key`: a graph that several sessions are cut from. */
  once<T>(what: string, key: object, make: () => Promise<T>): Promise<T> {
    const name = `${what} ${JSON.stringify(key)}`;
    const known = this.#made.get(name) ?? make();
    this.#made.set(name, known);
    known.catch(() => this.#made.delete(name));
    return known as Promise<T>;
  }

  /**
   * Opens a graph once for every `key`; later calls share the session. `packed`: its weights are packed for few rows, if they take no more than
   * MOST_PACKED. On the 110M GPT a step behind the head takes 11 ms then instead of 17 (2 rows), one through all layers 92 instead of 107 (54 rows).
   */
  compile(what: string, key: object, make: () => Promise<OnnxModel>, packed = false): Promise<Session> {
    const name = `${what}${packed ? ", packed" : ""} ${JSON.stringify(key)}`;
    let session = this.#compiled.get(name);
    if (!session) {
      const source = async () => (packed ? packedSource : sessionSource)(await make());
      session = this.#runtime.open(source, `${this.#where} with ${what}`);
      this.#compiled.set(name, session);
      session.catch(() => this.#compiled.delete(name));
    }
    return session;
  }
}

/**
 * Most bytes of packed weights that a session keeps of its own. A constant, so that no result depends on how much memory there is: packed
 * products round otherwise. Where memory is short the budget closes sessions that are not in use.
 */
const MOST_PACKED = 2 ** 30;

function packedSource(model: OnnxModel): SessionSource {
  const source = sessionSource(model);
  const packed = packedBytes(model);
  // Weights inside the graph are packed anyway.
  return source.folder !== undefined && packed <= MOST_PACKED ? { ...source, packed } : source;
}

/** Values that go from one step of a generation to the next, in whatever type the graph has them. */
const isCache = (name: string) => /^(past_key_values|present)\./.test(name);

/** Where edits act: projections take terms, outputs of layers are replaced. Embeddings and convolutions take nothing. */
const editable = (graph: OnnxModel): Site[] =>
  findSites(graph).filter((site) => site.kind === "value" || takesTerms(graph, site));
