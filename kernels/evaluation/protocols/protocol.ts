import type { EditCase, Probe } from "../../../datasets/case.ts";
import type { EditForm } from "../../editors/editor.ts";
import type { Weighting } from "../row-accumulator.ts";

/** One step of a protocol. */
export type Step =
  /** One call of the editor on the model as it is now; its edit comes into force after those in force. */
  | { do: "edit"; cases: readonly EditCase[] }
  /** All probes of one edited case, on the model as it is now. */
  | { do: "probe"; case: EditCase }
  /** Confusion pairs, on the model as it is now. */
  | { do: "confuse" }
  /** From here on the model as it is now, not the base model, says what the probes that must stay unchanged are compared with. */
  | { do: "baseline" }
  /** Back to the base model. */
  | { do: "restore" };

/** What a protocol is told when it starts. */
export interface StepOptions {
  /** Seed of the order, where the protocol has one. */
  seed: number;
  /** Counts a case that was read and is not tested. */
  skip(reason: string): void;
}

/**
 * An order of edits and probes. It says what is done; `runProtocol` does it, so that a protocol knows nothing of models, stores and signals.
 *
 * Values before an edit do not belong to the steps, they come from the base model; `baseline`, for official variants alone, says otherwise.
 */
export interface Protocol {
  /** Canonical spelling, as it goes into documents: "batch:10". */
  id: string;
  /** What an editor must be able to do beyond single edits of the base model. */
  needs: readonly EditForm[];
  /** Ending of every row's `comparable_group`. Of a protocol with checkpoints, the number of edited cases follows. */
  suffix: string;
  weighting: Weighting;
  /** Whether numbers are kept apart by the number of cases edited when they were measured. */
  checkpoints: boolean;
  /** Whether it asks confusion pairs too. */
  asksPairs?: true;
  /** Number of tested cases where the user names none. */
  defaultLimit: number;
  /** How many cases must be read to test `limit` of them. */
  reads(limit: number): number;
  /** How many tests of a case there are when so many cases are read. */
  tests(cases: number): number;
  /** Which probes are asked. Default: all. */
  includes?(probe: Probe): boolean;
  /** Whether the cases should come in the benchmark's official order (`ReadOptions.order`). Default: file order. */
  order?: "official";
  steps(cases: AsyncIterable<EditCase>, options: StepOptions): AsyncIterable<Step>;
}

/** How one kind of protocol is spelt and made; the registry holds these. */
export interface ProtocolFamily {
  /** Spelling, such as "batch:N". */
  usage: string;
  /** One line for lists: what it does. */
  summary: string;
  /** One line: what the number of cases asked for counts. */
  limit: string;
  needs: readonly EditForm[];
  /** Where its forms ask different things of an editor: each form's spelling and needs, for lists. */
  forms?: readonly Pick<ProtocolFamily, "usage" | "needs">[];
  /** Makes the protocol of what stands after the name, split at ":"; `spelt` is the whole, for messages. Throws: ProtocolError. */
  make(words: readonly string[], spelt: string): Protocol;
}
