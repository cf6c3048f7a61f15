// npm run bench -- answer [--json] [--model phantom] [--images 50] [--device cpu]
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { phantomImage } from "../../datasets/phantom/forms/images.ts";
import { visualQuestions } from "../../datasets/phantom/questions/index.ts";
import { sampleScene } from "../../datasets/phantom/world/sample-scene.ts";
import { loadModel } from "../../kernels/models/load-model.ts";
import { random } from "../../kernels/random.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    model: { type: "string", default: "phantom" },
    images: { type: "string", default: "50" },
    device: { type: "string", default: "cpu" },
  },
});
const WARM_UP = 10;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Times in ms of loading, of the first question about an image, and of a second one, for which the image's features are kept. */
async function measured(folder: string) {
  const started = performance.now();
  const model = await loadModel(options.model, { device: options.device as "cpu" });
  const load = performance.now() - started;
  const [first, second]: [number[], number[]] = [[], []];
  const stream = random(0);
  for (let i = 0; i < WARM_UP + Number(options.images); i++) {
    const scene = sampleScene(i);
    const image = await phantomImage(scene, `bench ${i}`, folder);
    const [a, b] = stream.shuffle(visualQuestions(scene, stream, { templates: "probe" }));
    const times = [a, b].map(
      ({ question }) =>
        () =>
          timed(() => model.answer({ image, question })),
    );
    const [one, two] = [await times[0](), await times[1]()];
    if (i < WARM_UP) continue;
    first.push(one);
    second.push(two);
  }
  await model.dispose();
  return { device: model.device, load, answers: { "first about an image": first, "second about it": second } };
}

function spread(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const [min, median, p95] = [0, 0.5, 0.95].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return { min, median, p95, runs: times.length };
}

const folder = mkdtempSync(join(tmpdir(), "medke-bench-"));
const { device, load, answers } = await measured(folder).finally(() => rmSync(folder, { recursive: true }));
const machine = { cpu: cpus()[0].model, cores: cpus().length, load: Number(loadavg()[0].toFixed(1)) };
const rows = Object.entries(answers).map(([what, times]) => ({ what, ...spread(times) }));
if (options.json) console.log(JSON.stringify({ machine, model: options.model, device, load, rows }, null, 2));
else {
  console.log(`${machine.cpu}, ${machine.cores} cores, load ${machine.load}, Node ${process.version}`);
  console.log(
    `${options.model} on ${device.device}, loaded in ${load.toFixed(0)} ms\n\nanswer                 median      p95      min  runs`,
  );
  for (const { what, median, p95, min, runs } of rows)
    console.log(
      `${what.padEnd(20)} ${[median, p95, min].map((ms) => ms.toFixed(1).padStart(8)).join(" ")} ${String(runs).padStart(5)}`,
    );
}
