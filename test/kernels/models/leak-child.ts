// Run by leak.test.ts with --expose-gc: edits and undoes an edit again and again, and prints the memory before, halfway and after.
import { readFileSync } from "node:fs";
import type { Edit } from "../../../kernels/models/edit.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { loadTinyVlm, tinyCases } from "../tiny-vlm.ts";

const [warmUp, cycles] = process.argv.slice(2).map(Number);
const SITE = "layers.1.mlp.down_proj";

const editOf = (k: number): Edit => ({
  id: `edit ${k}`,
  editor: "test",
  cases: [],
  interventions: [
    k % 2
      ? { kind: "dense", site: SITE, delta: float32(new Float32Array(384 * 128).fill(0.001 * (k % 7)), [384, 128]) }
      : {
          kind: "low-rank",
          site: SITE,
          a: float32(new Float32Array(384 * 2).fill(0.01), [384, 2]),
          b: float32(new Float32Array(2 * 128).fill(0.01 * (k % 5)), [2, 128]),
        },
  ],
  scope: { kind: "always" },
  provenance: { editor: "test", model: "test", seed: 0, options: {} },
});

/** Resident memory in bytes once everything that can be freed is freed, mapped files left out. */
async function settled(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc!();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
}

const model = await loadTinyVlm();
const [edited] = await tinyCases(model, 1);
const run = async (count: number) => {
  for (let k = 0; k < count; k++) {
    const view = model.with(editOf(k));
    await view.score(edited, edited.target);
    if (k % 10 === 0) await view.answer(edited);
  }
};
const base = JSON.stringify(await model.score(edited, edited.target));
await run(warmUp);
const sizes = [await settled()];
for (let half = 0; half < 2; half++) {
  await run(cycles / 2);
  sizes.push(await settled());
}
const same = JSON.stringify(await model.score(edited, edited.target)) === base;
await model.dispose();
console.log(JSON.stringify({ sizes, same }));
