import { exportForm } from "../../../datasets/phantom/forms/export.ts";
import { formNamed, forms } from "../../../datasets/phantom/index.ts";
import type { Command } from "../command.ts";
import { COMMON, readCommandLine, refusePositionals, requireOptions, wholeNumber } from "../options.ts";
import { progressLine } from "../progress-line.ts";
import { openPictureEncoder } from "./picture-encoder.ts";

const options = {
  form: { help: `what to write: ${Object.keys(forms).join(", ")}` },
  out: { help: "folder to write into; it must be new or empty" },
  seed: { help: "seed of everything; another one shares no image", default: "0" },
  limit: { help: "most records of a split" },
  model: {
    help: "model whose vision encoder finds the images that look alike (form mediconfusion)",
    default: "phantom",
  },
  json: { help: "print one JSON document", flag: true },
  ...COMMON,
} as const;

export const exportCommand: Command = {
  usage: "medke phantom export --form NAME --out DIR [--seed N] [--limit N] [--model NAME|DIR] [--json]",
  summary: "Writes the invented world as a benchmark, in the published files and fields.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    refusePositionals("phantom export", positionals);
    const needed = requireOptions({ form: given.form, out: given.out }, { form: "medmkeb", out: "medmkeb-phantom" });
    const form = formNamed(needed.form);
    const seed = wholeNumber("seed", given.seed, 0);
    const limit = given.limit === undefined ? undefined : wholeNumber("limit", given.limit, 1);
    const line = progressLine(progress);
    const encoder = form.needsEncoder ? await openPictureEncoder(given.model!, { signal }) : undefined;
    try {
      const onProgress = (done: number, total: number) => line.update(`phantom ${form.name}`, done, total);
      const common = { seed, limit, signal, onProgress };
      const summary = await exportForm(form, needed.out, { ...common, ...(encoder && { encode: encoder.encode }) });
      line.end();
      const { files, images, bytes } = summary;
      const size = `${(bytes / 1e6).toFixed(1)} MB`;
      out(
        given.json
          ? JSON.stringify({ ...summary, out: needed.out }, null, 2)
          : `${form.name}, seed ${seed}: ${files} files, ${images} of them images, ${size}, in ${needed.out}\nNext: ${form.name === "mediconfusion" ? `medke confuse --pairs ${form.name}` : `medke evaluate --editor ft-llm --benchmark ${form.name}`} --data ${needed.out}`,
      );
    } finally {
      line.end();
      await encoder?.dispose();
    }
  },
};
