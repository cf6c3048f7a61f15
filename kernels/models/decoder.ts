import { relative } from "node:path";
import { gradientGraph } from "../onnx/gradients/vjp.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { crossEntropy } from "../onnx/losses/cross-entropy.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { sessionSource } from "../onnx/session-source.ts";
import { findSites, type Site } from "../onnx/sites.ts";
import { dense, denseInputName } from "../onnx/surgery/dense.ts";
import { sideInput } from "../onnx/surgery/side-input.ts";
import { trace } from "../onnx/trace.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import type { Tensor } from "../tensor.ts";
import type { SiteId } from "./edit.ts";
import type { ModelFolder } from "./model-folder.ts";
import { shareWeights } from "./share-weights.ts";
import { isEmpty, type SideSites } from "./side-feeds.ts";
import { traceFeeds } from "./trace-feeds.ts";

/**
 * A model's decoder: its graph, its edit sites, and one compiled session for every set of side inputs that was asked for.
 *
 * The base session is the file itself, untouched (large weights are mapped from a data file instead); edits run in sessions of
 * rewritten graphs over the same weights.
 */
export class Decoder {
  readonly graph: OnnxModel;
  readonly sites: readonly Site[];
  readonly base: Session;
  readonly #runtime: Runtime;
  readonly #where: string;
  readonly #compiled = new Map<string, Promise<Session>>();

  private constructor(runtime: Runtime, where: string, graph: OnnxModel, base: Session) {
    this.#runtime = runtime;
    this.#where = where;
    this.graph = graph;
    this.base = base;
    // Edits are side inputs of projections: embeddings, convolutions and values take none.
    this.sites = findSites(graph).filter((site) => site.kind === "projection" && !site.quantised);
  }

  /** Throws: OnnxFormatError for a damaged file, ExternalDataError for missing data files, ModelFileError for one that ONNX Runtime refuses. */
  static async open(runtime: Runtime, folder: ModelFolder): Promise<Decoder> {
    const where = relative(process.cwd(), folder.onnx.decoder) || folder.onnx.decoder;
    const read = await readModelFile(folder.onnx.decoder);
    const graph = shareWeights(read, () => runtime.scratch.path, "decoder.bin");
    const source = sessionSource(graph);
    return new Decoder(runtime, where, graph, await runtime.open(source.folder ? source : folder.onnx.decoder, where));
  }

  /** The session that offers exactly these side inputs; the base session when there are none. */
  session(sites: SideSites): Promise<Session> {
    if (isEmpty(sites)) return Promise.resolve(this.base);
    return this.#compile("side inputs", sites, async () => this.#withSideInputs(sites));
  }

  /**
   * The session that computes `loss` and its gradient with respect to the dense side input of every target.
   *
   * Adds the inputs `labels` and `loss_weights` to those of `session(sites)`; `targets` must be among `sites.dense`.
   */
  lossSession(sites: SideSites, targets: SiteId[]): Promise<Session> {
    return this.#compile("a loss gradient", { ...sites, targets }, async () => {
      const model = crossEntropy(this.#withSideInputs(sites));
      const run = (bytes: Uint8Array, feeds: Record<string, Tensor>, folder?: string) =>
        this.#runtime.runOnce(bytes, feeds, folder);
      const shapes = await trace(model, traceFeeds(model), run);
      return gradientGraph(model, { loss: "loss", targets: targets.map(denseInputName), trace: shapes });
    });
  }

  #compile(what: string, key: object, make: () => Promise<OnnxModel>): Promise<Session> {
    const name = `${what} ${JSON.stringify(key)}`;
    let session = this.#compiled.get(name);
    if (!session) {
      session = make().then((model) => this.#runtime.open(sessionSource(model), `${this.#where} with ${what}`));
      this.#compiled.set(name, session);
      session.catch(() => this.#compiled.delete(name));
    }
    return session;
  }

  #withSideInputs(sites: SideSites): OnnxModel {
    const site = (id: string) => this.sites.find((candidate) => candidate.id === id)!;
    const low = sites.lowRank.reduce((graph, id) => sideInput(graph, site(id)), this.graph);
    return sites.dense.reduce((graph, id) => dense(graph, site(id)), low);
  }
}
