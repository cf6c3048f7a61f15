import { isPhantomExport } from "../../datasets/phantom-export.ts";
import { evaluateConfusion } from "../evaluation/confusion/evaluate-confusion.ts";
import { confusionFootnote, confusionHeadline, confusionTable } from "../evaluation/confusion/confusion-table.ts";
import { type LayoutName, layouts } from "../evaluation/confusion/layouts.ts";
import { CONFUSION_MODES } from "../evaluation/confusion/result.ts";
import { otherWorld } from "../evaluation/warnings.ts";
import { loadModel } from "../models/load-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import { CONFUSION_PAIRS } from "../../datasets/phantom/forms/mediconfusion-pairs.ts";
import { checkPairSource, confusionPairs, isPhantomPairs } from "./confusion-pairs.ts";
import { JUDGE_OPTIONS, openJudge } from "./judge-options.ts";
import { COMMON, readCommandLine, refusePositionals, wholeNumber } from "./options.ts";
import { progressLine } from "./progress-line.ts";
import { textTable } from "./text-table.ts";
import { writeResult } from "./write-result.ts";

const options = {
  model: { help: "embedded model, or a model folder in the transformers.js layout", default: "phantom" },
  pairs: { help: "phantom, whose pairs are found with the model's own encoder, or mediconfusion", default: "phantom" },
  data: {
    help: "folder of the pairs' files, for published pairs (default: data/NAME in the data folder, else what medke fetch downloaded)",
  },
  images: { help: "folder of their images, where it is another" },
  mode: { help: "mc: letter; gd: likelier letter; ff: free form; ps: likelier option", default: "ps" },
  variant: { help: "official (with the published defects) or corrected", default: "corrected" },
  layout: { help: `how options are written in modes mc and gd: ${Object.keys(layouts).join(", ")}`, default: "plain" },
  limit: { help: `number of pairs (phantom: ${CONFUSION_PAIRS}, another number finds others; published: all)` },
  seed: { help: "seed of drawn pairs and of intervals", default: "0" },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  plot: { help: "SVG file to draw the scores into, with the baselines as lines" },
  ...JUDGE_OPTIONS,
  json: { help: "print one JSON document instead of a table", flag: true },
  ...COMMON,
} as const;

export const confuseCommand: Command = {
  usage: "medke confuse [--model NAME|DIR] [--pairs phantom|mediconfusion] [--data DIR] [--mode mc|gd|ff|ps] [options]",
  summary: "Asks a model about pairs of look-alike images and measures how often it tells them apart.",
  options,
  async run(args, context) {
    const { signal, out, progress } = context;
    const { options: given, positionals } = readCommandLine(args, options);
    refusePositionals("confuse", positionals);
    // Names and numbers are checked before anything is loaded, so that a typo costs nothing.
    const source = { name: given.pairs!, folder: given.data, images: given.images };
    checkPairSource(source);
    const mode = requireKnown("mode", given.mode!, CONFUSION_MODES);
    const variant = requireKnown("variant", given.variant!, ["official", "corrected"] as const);
    const layout = requireKnown("layout", given.layout!, Object.keys(layouts) as LayoutName[]);
    const device = given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES);
    const limit = given.limit === undefined ? undefined : wholeNumber("limit", given.limit, 1);
    const seed = wholeNumber("seed", given.seed, 0);

    const judge = openJudge(given, mode === "ff");

    const line = progressLine(progress);
    if (isPhantomPairs(source.name)) {
      const quicker = limit === undefined ? "; this takes minutes, --limit 20 is a quick look at others" : "";
      line.note(
        `drawing images and looking for ${limit ?? CONFUSION_PAIRS} pairs that ${given.model} finds alike${quicker}`,
      );
    }
    const update = (label: string) => (done: number, total: number) => line.update(label, done, total);
    const common = { limit, seed, model: given.model!, signal };
    const pairs = await confusionPairs({ ...source, ...common, onProgress: update("finding pairs") });
    const model = await loadModel(given.model!, { device, signal });
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      const warning = otherWorld(
        model.id,
        given.pairs!,
        (given.data !== undefined && isPhantomExport(given.data)) || undefined,
      );
      if (warning) line.note(`note: ${warning}`);
      if (judge) line.note(judge.estimate(2 * pairs.length));
      const evaluation = await evaluateConfusion(model, pairs, {
        ...{ mode, variant, layout, seed, signal },
        ...(judge && { judge: judge.confusion }),
        onProgress: update(`${mode}: pairs`),
      });
      line.end();
      if (judge) line.note(judge.spent());
      if (given.plot) {
        const { confusionPayload } = await import("../display/confusion-plot.ts");
        const { confusionSvg } = await import("../display/confusion-svg.ts");
        await writeResult(confusionSvg(confusionPayload([evaluation])), given.plot, context, "plot");
      }
      const { head, rows } = confusionTable(evaluation);
      out(
        given.json
          ? JSON.stringify(evaluation, null, 2)
          : [
              confusionHeadline(evaluation),
              evaluation.comparable_group,
              "",
              textTable(head, rows),
              "",
              confusionFootnote(evaluation),
            ].join("\n"),
      );
    } finally {
      line.end();
      await model.dispose();
    }
  },
};
