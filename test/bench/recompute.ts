// Peak memory and time of an all-parameter gradient step with and without activation recomputation, each in a process of its own.
// Run: node --import tsx test/bench/recompute.ts [--json]
import { spawnSync } from "node:child_process";
import * as ort from "onnxruntime-node";
import { gpt } from "../../kernels/onnx/build/index.ts";
import { crossEntropy, exampleFeeds, gradientGraph, inferTrace, prune, writeModel } from "../../kernels/onnx/index.ts";
import { withGraph } from "../../kernels/onnx/graph.ts";
import type { OnnxModel } from "../../kernels/onnx/index.ts";
import { sessionOptions } from "../../kernels/runtime/session-options.ts";

const CONFIG = { vocabulary: 1024, width: 256, layers: 12, heads: 8, positions: 512 };
const [BATCH, TOKENS, STEPS] = [4, 512, 3];

interface Measured {
  /** Largest resident memory of the process, MB. */
  peak: number;
  /** The same before the first step: the engine, the weights and the compiled graph. */
  before: number;
  /** Median of the steps, ms. */
  step: number;
  /** Sum of the absolute gradients, to show that both compute the same. */
  checksum: number;
}

const variants = ["forward", "kept", "recomputed"] as const;
type Variant = (typeof variants)[number];

function graphOf(variant: Variant): { model: OnnxModel; feeds: ReturnType<typeof exampleFeeds> } {
  const built = gpt(CONFIG);
  const model = crossEntropy(built.model);
  const whole = prune(withGraph(model, { output: model.graph.output.filter(({ name }) => name === "loss") }));
  const feeds = exampleFeeds(whole, { batch_size: BATCH, sequence_length: TOKENS });
  if (variant === "forward") return { model: whole, feeds };
  const trace = inferTrace(whole, exampleFeeds(whole, { batch_size: 2, sequence_length: 3 }));
  const recompute = variant === "recomputed" ? "layers" : undefined;
  return {
    model: gradientGraph(whole, { loss: "loss", targets: [...built.parameters.keys()], trace, recompute }),
    feeds,
  };
}

async function measure(variant: Variant): Promise<Measured> {
  const { model, feeds } = graphOf(variant);
  const options = sessionOptions({ device: "cpu", optimise: true });
  const session = await ort.InferenceSession.create(writeModel(model), options);
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data as never, dims)]),
  );
  const peak = () => process.resourceUsage().maxRSS / 1024;
  const before = peak();
  const times: number[] = [];
  let checksum = 0;
  for (let i = 0; i < STEPS; i++) {
    const start = performance.now();
    const results = await session.run(inputs);
    times.push(performance.now() - start);
    const sum = Object.values(results).reduce(
      (all, { data }) => all + (data as Float32Array).reduce((total, value) => total + Math.abs(value), 0),
      0,
    );
    if (i > 0 && sum !== checksum) throw new Error(`step ${i} gave a checksum of ${sum}, the one before ${checksum}`);
    checksum = sum;
  }
  return { peak: peak(), before, step: times.sort((a, b) => a - b)[STEPS >> 1], checksum };
}

const chosen = process.argv[2] as Variant;
if (variants.includes(chosen)) console.log(JSON.stringify(await measure(chosen)));
else {
  const results = Object.fromEntries(
    variants.map((variant) => {
      const child = spawnSync(process.execPath, ["--import", "tsx", import.meta.filename, variant], {
        encoding: "utf8",
      });
      if (child.status !== 0) throw new Error(`${variant}: ${child.stderr}`);
      return [variant, JSON.parse(child.stdout) as Measured];
    }),
  );
  const { kept, recomputed } = results;
  if (Math.abs(kept.checksum - recomputed.checksum) > 1e-6 * kept.checksum)
    throw new Error(`recomputed gradients add up to ${recomputed.checksum}, kept ones to ${kept.checksum}`);
  if (process.argv.includes("--json"))
    console.log(JSON.stringify({ config: CONFIG, batch: BATCH, tokens: TOKENS, results }));
  else {
    console.log(
      `GPT of ${CONFIG.layers} layers, width ${CONFIG.width}, batch ${BATCH} of ${TOKENS} tokens, all parameters`,
    );
    for (const [variant, { peak, before, step, checksum }] of Object.entries(results))
      console.log(
        `  ${variant.padEnd(11)} peak ${peak.toFixed(0)} MB (${(peak - before).toFixed(0)} MB in the steps), step ${step.toFixed(0)} ms, checksum ${checksum.toPrecision(6)}`,
      );
  }
}
