import type { Probe } from "../../datasets/case.ts";
import type { Model } from "../models/model.ts";
import { contentHash } from "./content-hash.ts";
import type { Kept } from "./kept.ts";
import { medkeVersion } from "./medke-version.ts";
import { type Observation, observeProbe } from "./observe-probe.ts";
import type { Profile } from "./profiles/profile.ts";
import { RecentlyUsed } from "./recently-used.ts";

/**
 * Of observations kept in memory for a model, bytes: about 15,000 probes in the default profiles. What falls out is asked again, with the same
 * answer. A run's memory grows by this much and no more, however many cases it has.
 */
const MEMORY = 16 * 2 ** 20;

/** What a model, or a view of it, answered unedited. One for each model object, so that a model that is gone takes its answers along. */
const remembered = new WeakMap<Model, RecentlyUsed<Observation>>();

/**
 * What the base model does with probes: asked once, over all cases, editors and protocols, and then remembered by content.
 *
 * Observations stay in memory as long as the model does, up to 16 MB; `disk` keeps all of them, such as the store of a run.
 */
export class BaseObservations {
  readonly #model: Model;
  readonly #identity: object;
  readonly #memory: RecentlyUsed<Observation>;
  readonly #disk: Kept<Observation> | undefined;
  readonly #profiles: readonly Profile[];

  /** `digest` is that of the model's files; `profiles` may ask for more than the common things. */
  constructor(
    model: Model,
    { digest, disk, profiles = [] }: { digest?: string; disk?: Kept<Observation>; profiles?: readonly Profile[] } = {},
  ) {
    this.#profiles = profiles;
    this.#model = model;
    this.#disk = disk;
    this.#identity = { id: model.id, digest, device: model.device.device, edits: model.edits.map(({ id }) => id) };
    const memory = remembered.get(model) ?? new RecentlyUsed<Observation>(MEMORY);
    remembered.set(model, memory);
    this.#memory = memory;
  }

  /** One probe of a case of `benchmark`, in which image ids are unique. Throws: CancelledError, and what the model throws. */
  async of(probe: Probe, benchmark: string, signal?: AbortSignal): Promise<Observation> {
    const { image, question, expect } = probe;
    const asked = { benchmark, image: image?.id, question, expect };
    const profiles = this.#profiles.filter(({ asks }) => asks).map(({ name }) => name);
    const more = profiles.length ? { profiles } : {};
    const key = contentHash({ base: "v2", medke: medkeVersion, model: this.#identity, asked, ...more }, 32);
    const known = this.#memory.get(key);
    if (known) return known;
    const stored = this.#disk?.get(key);
    const observation = stored ?? (await observeProbe(this.#model, probe, signal, undefined, this.#profiles));
    if (!stored) this.#disk?.put(key, observation);
    this.#memory.put(key, observation);
    return observation;
  }
}
