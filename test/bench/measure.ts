import { makeModel, makeNode, makeValueInfo, writeModel } from "../../kernels/onnx/index.ts";
import type { Runtime } from "../../kernels/runtime/runtime.ts";
import { float32, type Tensor } from "../../kernels/tensor.ts";

export interface Timing {
  median: number;
  min: number;
  max: number;
  runs: number;
  /** Processor time of a run over all threads, mean: waiting for other programs does not count. */
  cpu: number;
}

/**
 * Times a graph in milliseconds. Feeds stay in the worker, as weights do in training.
 *
 * The engine computes every output; only `outputs` are copied out of it (all by default), at 5 ms for 17 MB of gradients. Runs at
 * least `least` times and for about `seconds`, after one warm-up run in five.
 */
export async function measure(
  runtime: Runtime,
  model: Uint8Array,
  feeds: Record<string, Tensor>,
  { seconds = 3, least = 5, outputs }: { seconds?: number; least?: number; outputs?: string[] } = {},
): Promise<Timing> {
  const session = await runtime.open(model, "benchmark");
  const state = runtime.state();
  try {
    await state.put(feeds);
    const use = state.use(Object.fromEntries(Object.keys(feeds).map((name) => [name, name])));
    const times: number[] = [];
    const once = async () => {
      const started = performance.now();
      await session.run({}, { ...use, outputs });
      return performance.now() - started;
    };
    const estimate = Math.min(await once(), await once());
    const runs = Math.max(least, Math.min(200, Math.round((1000 * seconds) / estimate)));
    for (let i = 0; i < runs / 5; i++) await once();
    const before = process.cpuUsage();
    for (let i = 0; i < runs; i++) times.push(await once());
    const { user, system } = process.cpuUsage(before);
    times.sort((a, b) => a - b);
    return {
      median: times[Math.floor(times.length / 2)],
      min: times[0],
      max: times.at(-1)!,
      runs,
      cpu: (user + system) / 1000 / runs,
    };
  } finally {
    await state.dispose();
    await session.release();
  }
}

export interface Peak extends Timing {
  /** By median and by fastest run, and per second of processor time. */
  gflops: number;
  bestGflops: number;
  cpuGflops: number;
}

const SIDE = 1024;

/** One product of two 1024 × 1024 float32 matrices. GFLOP/s is 2 · 1024³ / time. */
export async function measurePeak(runtime: Runtime): Promise<Peak> {
  const info = (name: string) => makeValueInfo(name, "float32", [SIDE, SIDE]);
  const model = makeModel({
    // The shape alone is copied out.
    nodes: [makeNode("MatMul", ["a", "b"], ["c"], {}, "peak"), makeNode("Shape", ["c"], ["shape"], {}, "shape")],
    inputs: [info("a"), info("b")],
    outputs: [info("c"), makeValueInfo("shape", "int64", [2])],
  });
  const matrix = () => float32(Float32Array.from({ length: SIDE * SIDE }, (_, i) => Math.sin(i)), [SIDE, SIDE]); // prettier-ignore
  const timing = await measure(
    runtime,
    writeModel(model),
    { a: matrix(), b: matrix() },
    {
      seconds: 1,
      least: 10,
      outputs: ["shape"],
    },
  );
  const flops = 2 * SIDE ** 3;
  return {
    ...timing,
    gflops: flops / timing.median / 1e6,
    bestGflops: flops / timing.min / 1e6,
    cpuGflops: flops / timing.cpu / 1e6,
  };
}
