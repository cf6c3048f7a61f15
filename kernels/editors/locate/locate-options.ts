import type { SiteId } from "../../models/edit.ts";
import { requireKnown } from "../../nearest-name.ts";
import type { Capability, EditContext } from "../editor.ts";
import { KEY_POSITIONS, type KeyPosition } from "../key-position.ts";
import { readOptions } from "../read-options.ts";

/** What all editors that look for a value and write it in closed form take. */
export interface LocateOptions {
  /** Where the key is taken. Default "last-prompt-token": questions about images name no subject. */
  position?: KeyPosition;
  /** Passes of the value's optimisation (Adam); the last takes no step. Default 25; 0 changes nothing. */
  steps?: number;
  /** Adam's step size. Default 0.5. */
  lr?: number;
  /** Longest change, in lengths of the value that is changed. */
  clampFactor?: number;
  /** Factor of |change| / |value|^2 in the loss. */
  weightDecay?: number;
  /** No further step is taken once the loss is below this many nats. */
  stopBelow?: number;
  /** Factor of the divergence at "{subject} is a" between model before and now. Default 0.0625; only for cases whose benchmark names a subject. */
  essence?: number;
  /**
   * Texts that the model writes and that stand in front of the question, beside the plain prompt. Default 0, as a model that was trained on
   * questions alone writes no prose; published: 20 (ROME), 5 (MEMIT).
   */
  contexts?: number;
  /** Second moment of keys: "statistics" of a corpus where the caller has any, else the identity (the trace says which); or "identity". */
  covariance?: "statistics" | "identity";
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: "answer" | "answer-only";
  /** "official" writes the transposed update to square weights that are stored [out, in], as released code does. Default "corrected". */
  variant?: "official" | "corrected";
}

export const LOCATE_DEFAULTS: Required<LocateOptions> = {
  position: "last-prompt-token",
  steps: 25,
  lr: 0.5,
  clampFactor: 4,
  weightDecay: 1e-3,
  stopBelow: 0.05,
  essence: 0.0625,
  contexts: 0,
  covariance: "statistics",
  labels: "answer",
  variant: "corrected",
};

/** All settings; `variant` where the write of a method has two. */
export type LocateSettings = Required<Omit<LocateOptions, "variant">> & Pick<LocateOptions, "variant">;

/** Fills in defaults. Throws: UnknownNameError, OptionError. */
export function readLocateOptions<T extends LocateSettings>(editor: string, defaults: T, given: Partial<T>): T {
  const options = readOptions<T>(editor, defaults, given, ["steps", "contexts"]);
  requireKnown(`${editor} position`, options.position, KEY_POSITIONS);
  requireKnown(`${editor} covariance`, options.covariance, ["statistics", "identity"]);
  requireKnown(`${editor} labels`, options.labels, ["answer", "answer-only"]);
  if (options.variant !== undefined) requireKnown(`${editor} variant`, options.variant, ["official", "corrected"]);
  return options;
}

/** What an editor with these options asks for. */
export const locateNeeds = ({ covariance }: Pick<LocateSettings, "covariance">): Capability[] => [
  "forward",
  "hidden states",
  "gradients",
  ...(covariance === "statistics" ? (["statistics"] as const) : []),
];

/** One call of an editor of this family: its name, settings and surroundings. */
export interface LocateCall<T extends LocateSettings = LocateSettings> {
  editor: string;
  options: T;
  /** Texts in front of the question, beside none. */
  contexts: readonly string[];
  context: EditContext;
}

/** How official code stores a projection: GPT-2's convolutions [in, out], everything else [out, in]. */
export const storedAs = (site: SiteId): "in-out" | "out-in" => (site.endsWith("c_proj") ? "in-out" : "out-in");
