// Trains the embedded models from nothing; see USAGE.
import { mkdir } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { MODALITIES } from "../../../datasets/phantom/world/vocabulary.ts";
import { CancelledError, UserFacingError } from "../../errors.ts";
import { DEVICES } from "../../runtime/device.ts";
import { Runtime } from "../../runtime/runtime.ts";
import { COMMON, CommandLineError, helpOf, readCommandLine, wholeNumber } from "../options.ts";
import { requireKnown } from "../../nearest-name.ts";
import { modelStage } from "./model-stage.ts";
import { retrievalStage } from "./retrieval-stage.ts";
import { TrainingLog } from "./training-log.ts";

const PARTS = ["model", "retrieval"] as const;
const USAGE = "npm run train:phantom -- [--minutes N] [--seed N] [--out DIR] [--images N] [--only model|retrieval]";

const options = {
  minutes: { help: "wall time to aim at (default: the full number of steps, at most 90 minutes on 2 cores)" },
  seed: { help: "seed of weights, scenes and questions", default: "1" },
  out: {
    help: "folder for the model, its log and table; a run that was stopped there goes on",
    default: "out/phantom",
  },
  images: { help: "test images of the accuracy report", default: "600" },
  only: { help: "train this part alone: model, or retrieval (the encoder); default: one after the other" },
  device: { help: "auto, cpu or webgpu", default: "auto" },
  ...COMMON,
} as const;

async function main(args: string[], signal: AbortSignal): Promise<void> {
  const { options: given, positionals } = readCommandLine(args, options);
  if (given.help) {
    const summary = "Trains the phantom model and the retrieval encoder from nothing, and measures both.";
    process.stdout.write(`${helpOf(USAGE, summary, options)}\n`);
    return;
  }
  if (positionals.length)
    throw new CommandLineError(`"${positionals[0]}" belongs to no option. Write --NAME before it: ${USAGE}`);
  const out = resolve(given.out!);
  const [seed, images] = [wholeNumber("seed", given.seed, 0), wholeNumber("images", given.images, MODALITIES.length)];
  const minutes = given.minutes === undefined ? undefined : Number(given.minutes);
  if (minutes !== undefined && !(minutes >= 0.5 && Number.isFinite(minutes)))
    throw new CommandLineError(
      `--minutes: "${given.minutes}" is not a number of at least 0.5. Write for example --minutes 5.`,
    );
  const only = given.only === undefined ? undefined : requireKnown("part", given.only, PARTS);
  const device = requireKnown("device", given.device!, DEVICES);
  await mkdir(out, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandLineError(`--out: ${out} cannot be made (${cause.code}). Name another folder.`, { cause });
  });
  const runtime = await Runtime.start(device);
  try {
    const log = new TrainingLog(join(out, "training.log"), process.stdout);
    log.line(
      `medke phantom, seed ${seed}, ${runtime.device.device} (${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB), Node ${process.version}`,
    );
    const stage = { out, seed, minutes, images, device, signal, log };
    if (only !== "retrieval") await modelStage(runtime, stage);
    if (only !== "model") await retrievalStage(runtime, stage);
    log.line(`\nweights, log and tables: ${given.out}`);
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
