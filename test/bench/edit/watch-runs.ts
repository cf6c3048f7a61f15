import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { type RunOptions, Session } from "../../../kernels/runtime/session.ts";
import type { Tensor } from "../../../kernels/tensor.ts";

/** Seconds by the clock, and of processor time over all threads. */
export interface Cost {
  seconds: number;
  cpu: number;
}

type LoopOptions = Parameters<Session["loop"]>[1];

/** Runs of one compiled graph at one size. */
export interface Runs {
  /** What the graph is, in the runtime's words. */
  graph: string;
  count: number;
  /** From the call to its answer, together. */
  seconds: number;
}

export interface RunWatch {
  /** Forgets the runs so far. */
  start(): void;
  /** Runs since `start`, by graph and size. */
  runs(): Map<string, Runs>;
  /** From now on the first run of every graph and size is repeated, until `off`. */
  measure(on: boolean): void;
  /** What one run takes, by graph and size, as far as `measure` saw them. */
  floors: ReadonlyMap<string, Cost>;
}

const [LEAST, MOST, ENOUGH] = [5, 50, 0.3];

/**
 * Counts and times every run of every session of this process; called before the first model is loaded.
 *
 * The floor of a run is the median time (mean processor time) of the same run repeated back to back with what it is fed lying in the engine already and, of an
 * objective, the loss alone copied out.
 */
export function watchRuns(): RunWatch {
  const { open } = Session;
  const { start } = Runtime;
  const { run, loop } = Session.prototype;
  const names = new WeakMap<Session, string>();
  let [opened, measuring] = [0, false];
  let runtime: Runtime | undefined;
  let seen = new Map<string, Runs>();
  const floors = new Map<string, Cost>();

  const count = (key: string, graph: string, runs: number, started: number) => {
    const known = seen.get(key) ?? { graph, count: 0, seconds: 0 };
    const seconds = (performance.now() - started) / 1000;
    seen.set(key, { graph, count: known.count + runs, seconds: known.seconds + seconds });
  };

  Runtime.start = async (...given) => (runtime = await start.apply(Runtime, given));
  Session.open = async (parts) => {
    const session = await open.call(Session, parts);
    names.set(session, `${opened++} ${parts.where}`);
    return session;
  };
  Session.prototype.run = async function (feeds: Record<string, Tensor>, options: RunOptions = {}) {
    const graph = names.get(this) ?? "unknown";
    const key = `${graph} ${JSON.stringify(Object.values(feeds).map(({ dims }) => dims))}`;
    const started = performance.now();
    const outputs = await run.call(this, feeds, options);
    count(key, graph, 1, started);
    if (measuring && !floors.has(key)) floors.set(key, await repeated(this, feeds, options));
    return outputs;
  };

  Session.prototype.loop = async function (feeds, options) {
    const graph = names.get(this) ?? "unknown";
    const key = `${graph} ${JSON.stringify(Object.values(feeds).map(({ dims }) => dims))}`;
    const started = performance.now();
    const losses = await loop.call(this, feeds, options);
    count(key, graph, losses.length, started);
    if (measuring && !floors.has(key)) floors.set(key, await loopedAgain(this, feeds, options));
    return losses;
  };

  /** The same step again and again within the engine's thread: what a slice writes goes elsewhere, so that all begin at the same state. */
  async function loopedAgain(session: Session, feeds: Record<string, Tensor>, options: LoopOptions): Promise<Cost> {
    const state = runtime!.state();
    try {
      await state.put(feeds);
      const own = state.use(
        Object.fromEntries(Object.keys(feeds).map((name) => [name, name])),
        Object.fromEntries(Object.keys(options.write).map((name) => [name, `elsewhere ${name}`])),
      );
      const numbers = Object.fromEntries(
        Object.entries(options.numbers).map(([name, [first]]) => [name, Array<number>(MOST).fill(first)]),
      );
      const again = {
        ...options,
        read: { ...options.read, ...own.read },
        write: own.write,
        numbers,
        stopBelow: -Infinity,
      };
      // The first ones make room for what is written.
      await loop.call(session, {}, again);
      let [steps, seconds] = [0, 0];
      const before = process.cpuUsage();
      while (steps < LEAST || (seconds < ENOUGH && steps < MOST)) {
        const started = performance.now();
        steps += (await loop.call(session, {}, again)).length;
        seconds += (performance.now() - started) / 1000;
      }
      const { user, system } = process.cpuUsage(before);
      return { seconds: seconds / steps, cpu: (user + system) / 1e6 / steps };
    } finally {
      await state.dispose();
    }
  }

  async function repeated(session: Session, feeds: Record<string, Tensor>, options: RunOptions): Promise<Cost> {
    const state = runtime!.state();
    try {
      await state.put(feeds);
      const { read } = state.use(Object.fromEntries(Object.keys(feeds).map((name) => [name, name])));
      // A run reads and writes other places of the state, so that it may be repeated.
      const use = { read: { ...options.read, ...read }, write: options.write ?? {} };
      const outputs = options.outputs?.includes("loss") ? ["loss"] : options.outputs;
      const times: number[] = [];
      const before = process.cpuUsage();
      for (let all = 0; times.length < LEAST || (all < ENOUGH && times.length < MOST); all += times.at(-1)!) {
        const started = performance.now();
        await run.call(session, {}, { ...use, outputs });
        times.push((performance.now() - started) / 1000);
      }
      const { user, system } = process.cpuUsage(before);
      const cpu = (user + system) / 1e6 / times.length;
      return { seconds: times.sort((a, b) => a - b)[times.length >> 1], cpu };
    } finally {
      await state.dispose();
    }
  }

  return {
    floors,
    start: () => (seen = new Map()),
    runs: () => seen,
    measure: (on) => (measuring = on),
  };
}
