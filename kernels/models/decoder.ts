import { relative } from "node:path";
import { gradientGraph } from "../onnx/gradients/vjp.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { inlineFunctions } from "../onnx/inline-functions.ts";
import { crossEntropy } from "../onnx/losses/cross-entropy.ts";
import { lower } from "../onnx/lowering/index.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { resolveIf } from "../onnx/resolve-if.ts";
import { learnTrace } from "../onnx/shapes/index.ts";
import { commonFolder, sessionSource } from "../onnx/session-source.ts";
import { findSites, type Site } from "../onnx/sites.ts";
import { dense, denseInputName } from "../onnx/surgery/dense.ts";
import { takesTerms } from "../onnx/surgery/site-node.ts";
import { sideInput } from "../onnx/surgery/side-input.ts";
import { splitEmbedding } from "../onnx/surgery/split-embedding.ts";
import type { Trace } from "../onnx/trace.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import { requireKnown } from "../nearest-name.ts";
import { BRANCH_INPUT, CacheBranches } from "./cache-branches.ts";
import type { SiteId } from "./edit.ts";
import type { GraphSession } from "./graph-session.ts";
import { shareWeights } from "./share-weights.ts";
import { isEmpty, type SideSites } from "./side-feeds.ts";
import { traceFeeds } from "./trace-feeds.ts";

/**
 * A model's decoder: its graph, its edit sites, and one compiled session for every set of side inputs that was asked for.
 *
 * The base session is the file itself, untouched (large weights are mapped from a data file instead); edits run in sessions of
 * rewritten graphs over the same weights. A merged decoder (one `If` on `use_cache_branch`) is taken apart into its two branches:
 * whole sequences run in the one without a cache, generation in both.
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
    const graph = shareWeights(read, () => runtime.scratch.path, "decoder.bin");
    if (graph.graph.input.some((input) => input.name === BRANCH_INPUT)) {
      const branch = (cached: boolean) => resolveIf(graph, { [BRANCH_INPUT]: cached });
      const graphs = { whole: branch(false), step: branch(true) };
      const base = await runtime.open(async () => sessionSource(graphs.whole), where);
      return new Decoder(runtime, where, graphs, base);
    }
    const source = commonFolder(graph) === undefined ? file : async () => sessionSource(graph);
    return new Decoder(runtime, where, { whole: graph }, await runtime.open(source, where));
  }

  /** Opens a decoder that takes token ids: its look-up becomes a session of its own. Throws as `open`; SurgeryError where it cannot be cut out. */
  static async openText(runtime: Runtime, file: string): Promise<{ decoder: Decoder; embed: Session }> {
    const where = relative(process.cwd(), file) || file;
    const read = inlineFunctions(await readModelFile(file), where);
    const { embed, decoder } = splitEmbedding(shareWeights(read, () => runtime.scratch.path, "decoder.bin"));
    const base = await runtime.open(async () => sessionSource(decoder), where);
    return {
      decoder: new Decoder(runtime, where, { whole: decoder }, base),
      embed: await runtime.open(async () => sessionSource(embed), `${where}, look-up of tokens`),
    };
  }

  /** The session that offers exactly these side inputs; the base session when there are none. */
  session(sites: SideSites): Promise<Session> {
    if (isEmpty(sites)) return Promise.resolve(this.base);
    return this.#compile("side inputs", sites, async () => this.#withSideInputs(sites, this.graph));
  }

  /** The sessions that transformers.js generates with: with a cache and, in a merged decoder, without. */
  async generation(sites: SideSites): Promise<GraphSession> {
    const step = this.#step;
    if (!step) return this.session(sites);
    const cached = this.#compile("a cache and side inputs", sites, async () => this.#withSideInputs(sites, step));
    return new CacheBranches(await this.session(sites), await cached);
  }

  /**
   * The session that computes `loss` and its gradient with respect to the dense side input of every target.
   *
   * Adds the inputs `labels` and `loss_weights` to those of `session(sites)`; `targets` must be among `sites.dense`.
   */
  lossSession(sites: SideSites, targets: SiteId[]): Promise<Session> {
    return this.#compile("a loss gradient", { ...sites, targets }, async () => {
      const inputs = targets.map(denseInputName);
      // Only what lies behind the first target is rewritten: the layers before it keep their fused kernels and quantised weights.
      const model = crossEntropy(lower(this.#withSideInputs(sites, this.graph), { targets: inputs }));
      return gradientGraph(model, { loss: "loss", targets: inputs, trace: await this.#trace(model) });
    });
  }

  #trace(model: OnnxModel): Promise<Trace> {
    return learnTrace(model, traceFeeds(model), (...call) => this.#runtime.runOnce(...call));
  }

  #compile(what: string, key: object, make: () => Promise<OnnxModel>): Promise<Session> {
    const name = `${what} ${JSON.stringify(key)}`;
    let session = this.#compiled.get(name);
    if (!session) {
      session = this.#runtime.open(async () => sessionSource(await make()), `${this.#where} with ${what}`);
      this.#compiled.set(name, session);
      session.catch(() => this.#compiled.delete(name));
    }
    return session;
  }

  #withSideInputs(sites: SideSites, graph: OnnxModel): OnnxModel {
    const known = graph === this.graph ? this.sites : editable(graph);
    const ids = known.map((each) => each.id);
    const site = (id: string) => known[ids.indexOf(requireKnown("site", id, ids))];
    const low = sites.lowRank.reduce((edited, id) => sideInput(edited, site(id)), graph);
    return sites.dense.reduce((edited, id) => dense(edited, site(id)), low);
  }
}

/** Edits are side inputs of projections: embeddings, convolutions and values take none. */
const editable = (graph: OnnxModel): Site[] => findSites(graph).filter((site) => takesTerms(graph, site));
