import type { Tap } from "../taps.ts";
import type { Edit } from "../edit.ts";
import type { Query } from "../model.ts";
import type { SentenceEncoder } from "../sentence-encoder.ts";
import type { Tensor } from "../../tensor.ts";
import { byActivation } from "./activation.ts";
import { byNearestKey } from "./nearest-key.ts";
import { byNearestText } from "./nearest-text.ts";
import type { Decision } from "./scope.ts";

/** What a scope may ask of the model in which the edits that always act are in force. */
export interface ScopeProbe {
  query: Query;
  /** Values at every token of the prompt, in the order of the taps; `deltas` act for this call alone. Each [tokens, width]. */
  states(taps: readonly Tap[], deltas?: ReadonlyMap<string, Tensor<Float32Array>>): Promise<Tensor<Float32Array>[]>;
  /** A sentence encoder by its name. */
  encoder(name: string): Promise<Pick<SentenceEncoder, "digest" | "encode">>;
  signal?: AbortSignal;
}

/** Asks an edit's scope about a query. A pure function of query, base model and edit. */
export function decide(edit: Edit, probe: ScopeProbe): Promise<Decision> {
  const { scope } = edit;
  switch (scope.kind) {
    case "always":
      return Promise.resolve({ fires: true, score: 1, threshold: 0, why: "it always acts" });
    case "nowhere":
      return Promise.resolve({ fires: false, score: 0, threshold: 1, why: "it acts nowhere" });
    case "nearest-key":
      return byNearestKey(scope, probe);
    case "activation":
      return byActivation(scope, edit, probe);
    case "nearest-text":
      return byNearestText(scope, probe);
    default:
      scope satisfies never;
      throw new Error("internal: unhandled kind of scope");
  }
}
