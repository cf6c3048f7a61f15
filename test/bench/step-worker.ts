// Measures one model on one device, and prints the result as one line of JSON. A process of its own, so that peak memory is the model's.
import { prune, writeModel, type RunGraph } from "../../kernels/onnx/index.ts";
import { Runtime } from "../../kernels/runtime/runtime.ts";
import type { DeviceChoice } from "../../kernels/runtime/device.ts";
import { build, MODELS, stepGraph, STEPS, type ModelName } from "./gpt-graphs.ts";
import { measure, measurePeak, type Peak, type Timing } from "./measure.ts";

export interface StepResult extends Timing {
  /** Achieved share of the matmul peak, median against median. */
  ofPeak: number;
  /** The same, fastest run against fastest run: what remains true on a busy machine. */
  bestOfPeak: number;
  /** The same by processor time: what the threads do while they run, idle ones left out. */
  cpuOfPeak: number;
  flops: number;
}
export interface ModelResult {
  model: ModelName;
  device: string;
  reason: string;
  parameters: number;
  peak: Peak;
  steps: Record<string, StepResult>;
  /** Highest resident memory of the process, MiB. */
  peakMemory: number;
}

const [model, device, only, seconds] = process.argv.slice(2) as [ModelName, DeviceChoice, string, string];
const runtime = await Runtime.start(device);
const run: RunGraph = (bytes, feeds, folder) => runtime.runOnce(bytes, feeds, folder);
const built = build(model);
const steps: ModelResult["steps"] = {};
// Before, between and after, because other programs come and go: the best is the machine's.
const peaks = [await measurePeak(runtime)];
for (const name of STEPS.filter((step) => only === "all" || only.split(",").includes(step.split(" ")[0]))) {
  const { model: graph, feeds, flops } = await stepGraph(name, MODELS[model], built, run);
  const file = writeModel(prune(graph));
  const record = async (as: string, outputs?: string[]) => {
    const timing = await measure(runtime, file, feeds, { seconds: Number(seconds), outputs });
    steps[as] = { ...timing, flops, ofPeak: 0, bestOfPeak: 0, cpuOfPeak: 0 };
  };
  await record(name, ["loss"]);
  if (name === "all parameters") await record("  copied out");
  peaks.push(await measurePeak(runtime));
}
const best = (pick: (peak: (typeof peaks)[number]) => number) => Math.max(...peaks.map(pick));
const peak = {
  ...peaks[0],
  gflops: best((each) => each.gflops),
  bestGflops: best((each) => each.bestGflops),
  cpuGflops: best((each) => each.cpuGflops),
};
for (const step of Object.values(steps)) {
  step.ofPeak = step.flops / step.median / 1e6 / peak.gflops;
  step.bestOfPeak = step.flops / step.min / 1e6 / peak.bestGflops;
  step.cpuOfPeak = step.flops / step.cpu / 1e6 / peak.cpuGflops;
}
await runtime.dispose();
const result: ModelResult = {
  model,
  device: runtime.device.device,
  reason: runtime.device.reason,
  parameters: [...built.parameters.values()].reduce((sum, tensor) => sum + tensor.data.length, 0),
  peak,
  steps,
  peakMemory: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(result));
