import { locateModel } from "../models/embedded-models.ts";
import type { Site, SiteReport } from "../onnx/sites.ts";
import { siteReport } from "../onnx/sites.ts";
import type { Command } from "./command.ts";
import { graphFiles, graphName, openGraph } from "./model-graphs.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";
import { readSiteMap } from "./read-site-map.ts";
import { textTable } from "./text-table.ts";

const options = {
  map: { help: "JSON file from site id to node name, for roles that the graph hides" },
  json: { help: "print one JSON document", flag: true },
  ...COMMON,
} as const;

export const sitesCommand: Command = {
  usage: "medke sites MODEL [--map FILE] [--json]",
  summary:
    "Lists the places of an embedded model, a model folder or an .onnx file where edits may act, and what could not be told. Weights are not read.",
  options,
  async run(args, { out }) {
    const { options: given, positionals } = readCommandLine(args, options);
    const [named, ...rest] = positionals;
    if (!named || rest.length)
      throw new CommandLineError("Give one model, model folder or .onnx file, for example medke sites phantom.");
    const { path } = locateModel(named);
    const map = given.map === undefined ? {} : readSiteMap(given.map);
    const graphs: ({ graph: string } & SiteReport)[] = [];
    for (const file of graphFiles(path)) {
      const model = await openGraph(file, { allowMissingWeights: true });
      graphs.push({ graph: graphName(file, path), ...siteReport(model, { map }) });
    }
    out(given.json ? JSON.stringify({ model: named, graphs }, null, 2) : graphs.map(describe).join("\n\n"));
  },
};

function describe({ graph, sites, untold }: { graph: string } & SiteReport): string {
  const guesses = sites.filter((site) => site.ambiguous);
  const notes = [
    ...guesses.map((site) => `ambiguous: ${site.id}: ${site.ambiguous}. Name its node with --map if this is wrong.`),
    ...untold.map((sentence) => `not told: ${sentence}`),
  ];
  const head = `${graph}: ${sites.length} ${sites.length === 1 ? "site" : "sites"}`;
  return [head, ...(sites.length ? [indent(table(sites))] : []), ...notes.map(indent)].join("\n");
}

const table = (sites: readonly Site[]) =>
  textTable(
    ["id", "role", "layer", "node", "weight", "shape", "stored as", "found by"],
    sites.map((site) => [
      site.id,
      site.role,
      site.layer < 0 ? "-" : String(site.layer),
      shorten(site.node || site.output),
      shorten(site.weight) || "-",
      site.kind === "value" ? (site.out ? `[.., ${site.out}]` : "-") : `[${site.shape.join(", ")}]`,
      site.quantised ?? (site.kind === "value" ? "-" : "floats"),
      site.found + (site.ambiguous ? " (ambiguous)" : ""),
    ]),
  );

const indent = (text: string) => text.replace(/^/gm, "  ");

/** Long names keep their telling end. */
const shorten = (name: string) => (name.length > 48 ? `…${name.slice(-47)}` : name);
