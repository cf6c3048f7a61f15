import { basename } from "node:path";
import type { OnnxModel } from "../onnx/graph.ts";
import { sessionSource } from "../onnx/session-source.ts";
import { findSites, type Site } from "../onnx/sites.ts";
import { takesTerms } from "../onnx/surgery/site-node.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import type { Tensor } from "../tensor.ts";
import type { CombinedEdits } from "./combine-edits.ts";
import type { SiteId } from "./edit.ts";
import { type FeatureEncoder, ImageFeatures } from "./image-features.ts";
import type { InputForm } from "./input-form.ts";
import { openGraph } from "./open-graph.ts";
import { isEmpty, type SideSites, sidesAt, sideFeeds, sideSites } from "./side-feeds.ts";
import { withSides } from "./with-sides.ts";

const PREFIX = "vision.";

/**
 * A model's vision encoder and projector: its graph, its edit sites, and the features of images under edits of them.
 *
 * Sites are named as in a decoder, after "vision.", such as "vision.layers.1.mlp.fc2"; the projector is "projector".
 */
export class VisionTower {
  readonly sites: readonly Site[];
  readonly graph: OnnxModel;
  /** Of the model without edits. */
  readonly features: ImageFeatures;
  readonly prepare: InputForm["prepare"];
  readonly #form: InputForm;
  readonly #runtime: Runtime;
  readonly #ids: ReadonlySet<SiteId>;
  readonly #compiled = new Map<string, Promise<Session>>();

  private constructor(graph: OnnxModel, base: Session, runtime: Runtime, form: InputForm) {
    this.graph = graph;
    this.sites = findSites(graph)
      .filter((site) => site.kind === "projection" && takesTerms(graph, site))
      .map((site) => ({ ...site, id: site.layer < 0 ? site.id : `${PREFIX}${site.id}` }));
    this.#ids = new Set(this.sites.map(({ id }) => id));
    this.#runtime = runtime;
    this.#form = form;
    this.prepare = form.prepare;
    this.features = new ImageFeatures(base, form.prepare, form.checkFeatures);
  }

  /** Throws: OnnxFormatError for a damaged file, ModelFileError for one that ONNX Runtime refuses; ModelFolderError where it does not fit the prompts. */
  static async open(runtime: Runtime, file: string, form: InputForm): Promise<VisionTower> {
    const where = `onnx/${basename(file)}`;
    const { graph, session } = await openGraph(runtime, file, where);
    form.checkEncoder(session);
    return new VisionTower(graph, session, runtime, form);
  }

  has(site: SiteId): boolean {
    return this.#ids.has(site);
  }

  /** Features under a view's edits: those of the model where none of them is here. */
  async edited(edits: CombinedEdits): Promise<ImageFeatures> {
    const sides = sidesAt(sideSites(edits), (site) => this.has(site));
    if (isEmpty(sides)) return this.features;
    const session = await this.#session(sides);
    const side = Object.fromEntries(
      Object.entries(sideFeeds(edits, 0, [])).filter(([name]) => session.inputs.some((input) => input.name === name)),
    );
    const encoder: FeatureEncoder = {
      inputs: session.inputs.filter(({ name }) => !(name in side)),
      run: (feeds: Record<string, Tensor>) => session.run({ ...feeds, ...side }),
    };
    return new ImageFeatures(encoder, this.prepare, this.#form.checkFeatures);
  }

  #session(sides: SideSites): Promise<Session> {
    const key = JSON.stringify(sides);
    const known =
      this.#compiled.get(key) ??
      this.#runtime.open(
        async () => sessionSource(withSides(this.graph, this.sites, sides)),
        "onnx/vision_encoder.onnx with side inputs",
      );
    this.#compiled.set(key, known);
    known.catch(() => this.#compiled.delete(key));
    return known;
  }
}
