import type { RunOptions } from "../runtime/session.ts";
import type { ValueInfo } from "../runtime/worker-protocol.ts";
import type { Tensor } from "../tensor.ts";

/** What callers of a graph need of it: one session, or several that stand for one. */
export interface GraphSession {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  run(feeds: Record<string, Tensor>, options?: RunOptions): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}
