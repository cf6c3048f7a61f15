import { float32, type Tensor } from "../tensor.ts";
import type { CombinedEdits } from "./combine-edits.ts";
import { requireRoom } from "./context-length-error.ts";
import { feedsOf, sequenceFeeds } from "./decoder-feeds.ts";
import type { States, StatesOptions } from "./editable-model.ts";
import type { GraphSession } from "./graph-session.ts";
import type { ModelParts } from "./model-parts.ts";
import type { Query } from "./model.ts";
import type { SequenceBuilder } from "./sequence.ts";
import { sidesAt, sideFeeds, type SideSites, sideSites } from "./side-feeds.ts";
import { type Tap, tapName } from "./taps.ts";

/** A model's parts under some edits: the sequences that its vision encoder gives, and the sessions and feeds of its decoder. */
export class EditedParts {
  readonly #parts: ModelParts;
  readonly #sequences = new WeakMap<CombinedEdits, Promise<SequenceBuilder>>();

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  /** Sequences with image features as the edits of the vision encoder make them. */
  sequences(edits: CombinedEdits): Promise<SequenceBuilder> {
    const { vision, sequences } = this.#parts;
    if (!vision) return Promise.resolve(sequences);
    const known =
      this.#sequences.get(edits) ??
      vision
        .edited(edits)
        .then((features) => (features === vision.features ? sequences : sequences.withFeatures(features)));
    this.#sequences.set(edits, known);
    return known;
  }

  /** The session that whole sequences run in. */
  session(edits: CombinedEdits): Promise<GraphSession> {
    return this.#parts.decoder.session(this.#decoderSides(edits));
  }

  /** The session that answers are generated with. */
  generation(edits: CombinedEdits): Promise<GraphSession> {
    return this.#parts.decoder.generation(this.#decoderSides(edits));
  }

  /** What a session of the decoder is fed for the edits; `row` is where values are replaced, -1 for nowhere. */
  side(session: GraphSession, edits: CombinedEdits, tokens: number, row: number): Record<string, Tensor> {
    return feedsOf(session, sideFeeds(edits, tokens, [row]));
  }

  /** Hidden values at every token of a query's sequence. Throws: UnknownNameError, ContextLengthError. */
  async states(
    query: Query,
    taps: readonly Tap[],
    edits: CombinedEdits,
    { answer = "", prefix = "", signal }: StatesOptions,
  ): Promise<States> {
    const { decoder, passes, contextLength } = this.#parts;
    const sequences = await this.sequences(edits);
    const { text, embeds } = await sequences.build(query, answer, edits.prefix + prefix);
    requireRoom(query, embeds.dims[1], contextLength);
    const session = await decoder.tapped(this.#decoderSides(edits), taps);
    const feeds = {
      ...feedsOf(session, sequenceFeeds(session.inputs, embeds)),
      ...this.side(session, edits, embeds.dims[1], text.prompt.length - 1),
    };
    const outputs = await session.run(feeds, { signal });
    passes.forward++;
    const values = taps.map((tap) => {
      const { data, dims } = outputs[tapName(tap)] as Tensor<Float32Array>;
      return float32(data, dims.slice(-2));
    });
    return { values, text, imageRows: await sequences.imageRows(query, text) };
  }

  #decoderSides(edits: CombinedEdits): SideSites {
    return sidesAt(sideSites(edits), (site) => !this.#parts.vision?.has(site));
  }
}
