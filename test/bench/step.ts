// npm run bench -- step [--json] [--models 4.2M,110M] [--steps forward,all,one,LoRA] [--seconds 3] [--webgpu]
//   [--python PATH]: the interpreter with PyTorch; default: python3, then /usr/bin/python3. OpenBLAS reads OPENBLAS_CORETYPE.
import { spawnSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Runtime } from "../../kernels/runtime/runtime.ts";
import { requireKnown } from "../../kernels/nearest-name.ts";
import { MODELS, type ModelName } from "./gpt-graphs.ts";
import type { ModelResult } from "./step-worker.ts";
import { torchSteps } from "./torch-steps.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    models: { type: "string", default: Object.keys(MODELS).join() },
    steps: { type: "string", default: "all" },
    seconds: { type: "string", default: "3" },
    webgpu: { type: "boolean" },
    python: { type: "string" },
  },
});
const models = options.models.split(",").map((name) => requireKnown("model", name, Object.keys(MODELS) as ModelName[]));

function measured(model: ModelName, device: "cpu" | "webgpu"): ModelResult {
  const args = [
    "--import",
    "tsx",
    resolve(import.meta.dirname, "step-worker.ts"),
    model,
    device,
    options.steps,
    options.seconds,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`step benchmark of ${model} on ${device} ended with status ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

const machine = {
  cpu: cpus()[0].model,
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  /** Above the number of cores, other programs are running and times are too long. */
  load: Number(loadavg()[0].toFixed(1)),
};
// Where a real adapter answers, "auto" takes it; a software one is measured on request alone.
const gpu = options.webgpu || (await takesWebgpu());
const results = models.flatMap((model) => [measured(model, "cpu"), ...(gpu ? [measured(model, "webgpu")] : [])]);
const torch = torchSteps(models, options.python);

if (options.json) console.log(JSON.stringify({ machine, results, torch }, null, 2));
else {
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory}, Node ${machine.node}, load ${machine.load}; 4 × 64 tokens, float32`,
  );
  for (const result of results) printModel(result);
  if (typeof torch === "string") console.log(`\nPyTorch: ${torch}`);
  else
    for (const { model, version, library, threads, steps } of torch) {
      console.log(`\nPyTorch ${version}, ${library}, ${threads} threads, ${model} parameters`);
      for (const [name, ms] of Object.entries(steps))
        console.log(`  ${name.padEnd(15)} ${ms.toFixed(1).padStart(8)} ms`);
    }
}

async function takesWebgpu(): Promise<boolean> {
  const runtime = await Runtime.start("auto");
  await runtime.dispose();
  return runtime.device.device === "webgpu";
}

function printModel({ model, device, reason, peak, steps, peakMemory }: ModelResult): void {
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  console.log(`\n${model} parameters on ${device} (${reason})`);
  console.log(
    "  step              median      min      max  runs   CPU ms  of peak: median, best, CPU  × forward: median, best, CPU",
  );
  const { forward } = steps;
  for (const [name, step] of Object.entries(steps)) {
    const times = [step.median, step.min, step.max].map((ms) => ms.toFixed(1).padStart(8)).join(" ");
    const shares = [step.ofPeak, step.bestOfPeak, step.cpuOfPeak].map((share) => percent(share).padStart(5)).join(" ");
    const ratios = forward ? [step.median / forward.median, step.min / forward.min, step.cpu / forward.cpu] : [];
    const ratio = ratios.map((value) => value.toFixed(2)).join(" ");
    console.log(
      `  ${name.padEnd(15)} ${times} ${String(step.runs).padStart(5)} ${step.cpu.toFixed(1).padStart(8)}  ${shares.padEnd(26)}  ${ratio}`,
    );
  }
  console.log(
    `  matmul peak ${peak.gflops.toFixed(0)} GFLOP/s (best ${peak.bestGflops.toFixed(0)}), peak memory ${Math.round(peakMemory)} MiB`,
  );
}
