// npm run train:phantom -- [--minutes N] [--seed N] [--out DIR] [--images N]
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { CancelledError, UserFacingError } from "../../errors.ts";
import { writeModel } from "../../models/phantom/write-model.ts";
import { trainPhantom } from "../../models/phantom/training/train-phantom.ts";
import { Runtime } from "../../runtime/runtime.ts";
import { COMMON, CommandLineError, readCommandLine } from "../options.ts";
import { textTable } from "../text-table.ts";
import { examMarkdown } from "./exam-table.ts";
import { examine } from "./examine.ts";
import { TrainingLog } from "./training-log.ts";

const options = {
  minutes: { help: "wall time to aim at (default: the full number of steps, at most 90 minutes on 2 cores)" },
  seed: { help: "seed of weights, scenes and questions", default: "1" },
  out: {
    help: "folder for the model, its log and table; a run that was stopped there goes on",
    default: "out/phantom",
  },
  images: { help: "test images of the accuracy report", default: "600" },
  device: { help: "auto, cpu or webgpu", default: "auto" },
  ...COMMON,
} as const;

async function main(args: string[], signal: AbortSignal): Promise<void> {
  const { options: given } = readCommandLine(args, options);
  const number = (name: "minutes" | "seed" | "images", least: number): number => {
    const value = Number(given[name]);
    if (Number.isFinite(value) && value >= least && (name === "minutes" || Number.isInteger(value))) return value;
    throw new CommandLineError(
      `--${name}: "${given[name]}" is not a number of at least ${least}. Write for example --${name} 5.`,
    );
  };
  const out = resolve(given.out!);
  const [seed, images] = [number("seed", 0), number("images", 6)];
  const minutes = given.minutes === undefined ? undefined : number("minutes", 0.5);
  await mkdir(out, { recursive: true });
  const runtime = await Runtime.start(given.device as "auto");
  try {
    const log = new TrainingLog(join(out, "training.log"), process.stdout);
    log.line(
      `medke phantom, seed ${seed}, ${runtime.device.device} (${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB), Node ${process.version}`,
    );
    const weights = await trainPhantom(runtime, {
      folder: join(out, "training"),
      seed,
      minutes,
      signal,
      onStep: (step) => log.step(step),
    });
    const model = join(out, "model");
    await writeModel(model, weights);
    log.line(`wrote the model after ${log.minutes} minutes of this run`);
    const rows = await examine(model, { seed, images, device: given.device as "auto", signal, log });
    await writeFile(join(out, "accuracy.md"), `${examMarkdown(rows)}\n`);
    await writeFile(join(out, "accuracy.json"), `${JSON.stringify(rows, null, 1)}\n`);
    const cells = rows.map(({ what, accuracy, interval, n }) => [
      what,
      accuracy.toFixed(3),
      `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}`,
      String(n),
    ]);
    log.line(`\n${textTable(["what", "exact match", "95% interval", "n"], cells)}`);
    log.line(`\nmodel, log and table: ${given.out}`);
  } finally {
    await runtime.dispose();
  }
}

const controller = new AbortController();
process.once("SIGINT", () => {
  controller.abort();
  process.once("SIGINT", () => process.exit(130));
});
try {
  await main(process.argv.slice(2), controller.signal);
} catch (error) {
  const stopped = error instanceof CancelledError;
  const known = stopped || error instanceof UserFacingError;
  const text = known && !process.argv.includes("--verbose") ? (error as Error).message : (error as Error).stack;
  process.stderr.write(`\ntrain:phantom: ${text}${stopped ? " Run the same command again to go on." : ""}\n`);
  process.exitCode = stopped ? 130 : 1;
}
