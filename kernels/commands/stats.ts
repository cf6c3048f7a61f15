import { EigenvalueDecomposition } from "ml-matrix";
import { shownPath } from "../../datasets/shown-path.ts";
import { matrixOf } from "../editors/closed-forms/tensor-matrix.ts";
import { downProjections, requireSite } from "../editors/default-sites.ts";
import { gatheredStatistics } from "../editors/statistics/gathered-statistics.ts";
import type { KeyStatistics } from "../editors/statistics-source.ts";
import { loadModel } from "../models/load-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import { corpusFor } from "./editing/statistics-corpus.ts";
import { COMMON, readCommandLine, refusePositionals, wholeNumber } from "./options.ts";
import { progressLine } from "./progress-line.ts";
import { textTable } from "./text-table.ts";

const options = {
  model: { help: "embedded model, or a model folder in the transformers.js layout", default: "phantom" },
  benchmark: {
    help: "benchmark whose questions and answers are read; default: the training questions of the phantom world, which evaluate takes too",
  },
  data: {
    help: "folder of the benchmark's files (default: data/NAME in the data folder, else what medke fetch downloaded)",
  },
  split: { help: "split of the benchmark (default: train, where there is one)" },
  limit: { help: "most texts (default 300)" },
  site: { help: "sites, with commas between (default: every MLP down projection of the decoder)" },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  json: { help: "print one JSON document instead of a table", flag: true },
  ...COMMON,
} as const;

/** Wider moments are not decomposed: a minute and more each. */
const WIDEST = 2048;

const COLUMNS =
  "tokens: keys that were averaged. effective rank: how many directions they use, of width. condition: largest eigenvalue over the smallest, " +
  "singular where some direction has none. free at 0.02: directions with an eigenvalue below 0.02, where AlphaEdit may write.";

/** What is printed of a site. */
interface SiteLine {
  site: string;
  tokens: number;
  width: number;
  /** exp of the entropy of the eigenvalues as shares: how many directions the keys use. */
  effectiveRank?: number;
  /** Largest eigenvalue over the smallest. */
  condition?: number;
  /** Eigenvalues below 0.02, the directions that AlphaEdit is free to write to. */
  free?: number;
  file?: string;
  digest: string;
}

export const statsCommand: Command = {
  usage: "medke stats [--model NAME|DIR] [--benchmark NAME] [--limit N] [--site SITE,...] [options]",
  summary:
    "Gathers second moments of keys over questions and answers of a benchmark, all sites in one pass, for editors that need them. What is kept is not gathered again.\n\n" +
    `Columns: ${COLUMNS} A dash: wider than ${WIDEST}, not decomposed.`,
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    refusePositionals("stats", positionals);
    const device = given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES);
    const limit = given.limit === undefined ? undefined : wholeNumber("limit", given.limit, 1);
    const corpus = await corpusFor({ ...given, folder: given.data, limit, signal });
    const line = progressLine(progress);
    const model = await loadModel(given.model!, { device, signal });
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      const sites = given.site
        ? given.site.split(",").map((site) => requireSite("stats", model, site.trim()))
        : downProjections("stats", model);
      const onProgress = (done: number, total: number) => line.update("texts", done, total);
      const source = gatheredStatistics(model, { corpus, onProgress });
      await source.prepare!(model, sites, signal);
      const lines: SiteLine[] = [];
      for (const site of sites) {
        const file = await source.path(site);
        const gathered = await source.of(model, site, signal);
        lines.push({ ...describe(gathered), ...(file && { file }), digest: gathered.digest });
      }
      line.end();
      const document = { model: model.id, corpus: corpus.name, sites: lines };
      out(given.json ? JSON.stringify(document, null, 2) : printed(document));
    } finally {
      line.end();
      await model.dispose();
    }
  },
};

function describe({ site, tokens, width, moment }: KeyStatistics): Omit<SiteLine, "digest" | "file"> {
  if (width > WIDEST) return { site, tokens, width };
  const matrix = matrixOf({ type: "float64", dims: [width, width], data: moment }, "second moment");
  const values = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues;
  const total = values.reduce((sum, value) => sum + value, 0);
  const entropy = values.reduce((sum, value) => (value > 0 ? sum - (value / total) * Math.log(value / total) : sum), 0);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    ...{ site, tokens, width, effectiveRank: Math.exp(entropy) },
    // Rounding can leave a zero slightly negative.
    condition: least > most * Number.EPSILON ? most / least : undefined,
    free: values.filter((value) => value < 0.02).length,
  };
}

function printed({ model, corpus, sites }: { model: string; corpus: string; sites: SiteLine[] }): string {
  const number = (value: number | undefined, digits = 0) => (value === undefined ? "-" : value.toFixed(digits));
  const rows = sites.map(({ site, tokens, width, effectiveRank, condition, free, file }) => [
    ...[site, String(tokens), String(width), number(effectiveRank, 1)],
    ...[condition === undefined ? "singular" : number(condition), number(free), file ? shownPath(file) : "in memory"],
  ]);
  const head = ["site", "tokens", "width", "effective rank", "condition", "free at 0.02", "file"];
  return `${model} · ${corpus}\n\n${textTable(head, rows)}\n\n${COLUMNS}`;
}
