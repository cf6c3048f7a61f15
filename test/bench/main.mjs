// npm run bench -- NAME [options]: runs test/bench/NAME.ts from source. To add a benchmark, add its file and its line here.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const benchmarks = {
  answer: "time of one answer of the embedded model",
  edit: "seconds, passes and peak memory of an edit by editor, against the time of its passes alone",
  evaluate: "cases per second and peak memory of an evaluation of 100, 1,000 and 10,000 cases",
  recompute: "memory and time of a training step with and without activation recomputation",
  step: "times of forward, gradient and training steps of two GPTs, against the matmul peak",
};

const [name, ...options] = process.argv.slice(2);
if (!(name in benchmarks)) {
  console.error(`bench: ${name ? `there is no benchmark "${name}"` : "no benchmark is named"}. Known:`);
  for (const [known, what] of Object.entries(benchmarks)) console.error(`  ${known}  ${what}`);
  process.exit(2);
}
const file = resolve(import.meta.dirname, `${name}.ts`);
process.exit(spawnSync(process.execPath, ["--import", "tsx", file, ...options], { stdio: "inherit" }).status ?? 1);
