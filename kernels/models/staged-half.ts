import type { Session } from "../runtime/session.ts";
import type { SessionState } from "../runtime/session-state.ts";
import type { LoopRule, StateUse } from "../runtime/worker-protocol.ts";
import type { Tensor } from "../tensor.ts";
import { feedsOf } from "./decoder-feeds.ts";
import type { ModelParts } from "./model-parts.ts";

/** The two halves of a staged graph, and the values that go from one to the other. */
export interface Staged {
  /** Missing where nothing is carried. */
  fixed?: Session;
  rest: Session;
  carried: readonly string[];
}

/** What was computed once, kept in the engine, and the session that goes on from it. */
export class StagedHalf {
  readonly #state: SessionState;
  readonly #staged: Staged;

  private constructor(staged: Staged, state: SessionState) {
    this.#staged = staged;
    this.#state = state;
  }

  static async run(parts: ModelParts, staged: Staged, feeds: Record<string, Tensor>, signal?: AbortSignal) {
    const state = parts.runtime.state();
    const keep = Object.fromEntries(staged.carried.map((name) => [name, name]));
    if (!staged.fixed) return new StagedHalf(staged, state);
    try {
      await staged.fixed.run(feedsOf(staged.fixed, feeds), { ...state.use({}, keep), outputs: [], signal });
    } catch (error) {
      // A run that is called off still ends, and leaves its values behind; the engine drops them after it.
      await state.dispose().catch(() => {});
      throw error;
    }
    parts.passes.forward++;
    return new StagedHalf(staged, state);
  }

  /** Whether what was computed is gone with its worker. */
  get lost(): boolean {
    return this.#state.lost;
  }

  async rest(
    feeds: Record<string, Tensor>,
    outputs: readonly string[],
    signal?: AbortSignal,
    use: StateUse = { read: {}, write: {} },
  ) {
    const { read, own } = this.#inputs(feeds, use);
    return this.#staged.rest.run(own, { outputs, signal, read, write: use.write });
  }

  /** Runs the other half again and again (see Session.loop). */
  loop(feeds: Record<string, Tensor>, use: StateUse, rule: LoopRule, signal?: AbortSignal): Promise<number[]> {
    const { read, own } = this.#inputs(feeds, use);
    return this.#staged.rest.loop(own, { ...rule, read, write: use.write, signal });
  }

  #inputs(feeds: Record<string, Tensor>, use: StateUse) {
    const { rest, carried } = this.#staged;
    const known = this.#state.use(Object.fromEntries(carried.map((name) => [name, name])));
    const read = { ...known.read, ...use.read };
    const own = Object.entries(feedsOf(rest, feeds)).filter(([name]) => !(name in read));
    return { read, own: Object.fromEntries(own) };
  }

  release(): Promise<void> {
    return this.#state.dispose();
  }
}
