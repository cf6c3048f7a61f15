// Runs in a process of its own: loads packs, applies each to a freshly loaded model, and prints the digests of its logits.
import type { EditCase } from "../../../../datasets/case.ts";
import { applyPack, loadPack } from "../../../../kernels/editors/pack/index.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import { logitDigests } from "./answers.ts";

const { files, asked } = JSON.parse(process.argv[2]) as { files: string[]; asked: EditCase };
const model = await loadModel("phantom", { device: "cpu" });
try {
  const digests = [];
  for (const file of files) digests.push(await logitDigests(await applyPack(model, await loadPack(file)), asked));
  console.log(JSON.stringify(digests));
} finally {
  await model.dispose();
}
