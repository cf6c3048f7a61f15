import type { RunOptions } from "../runtime/session.ts";
import type { ValueInfo } from "../runtime/worker-protocol.ts";
import type { Tensor } from "../tensor.ts";
import type { GraphSession } from "./graph-session.ts";

/** The input by which a merged decoder is told whether there is a cache. */
export const BRANCH_INPUT = "use_cache_branch";

/**
 * The two branches of a merged decoder, each its own session, behind the inputs of the merged one: edits act in both, and
 * transformers.js chooses by `use_cache_branch` as always.
 */
export class CacheBranches implements GraphSession {
  readonly #prompt: GraphSession;
  readonly #step: GraphSession;

  /** `prompt` reads a whole prompt without a cache; `step` goes on from a cache. */
  constructor(prompt: GraphSession, step: GraphSession) {
    this.#prompt = prompt;
    this.#step = step;
  }

  get inputs(): readonly ValueInfo[] {
    return [...this.#step.inputs, { name: BRANCH_INPUT, type: "bool", shape: [1] }];
  }

  get outputs(): readonly ValueInfo[] {
    return this.#step.outputs;
  }

  run({ [BRANCH_INPUT]: branch, ...feeds }: Record<string, Tensor>, options?: RunOptions) {
    return (branch?.data[0] ? this.#step : this.#prompt).run(feeds, options);
  }

  async release(): Promise<void> {
    await Promise.all([this.#prompt.release(), this.#step.release()]);
  }
}
