import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { amountText, byHandText, count, placesText, sizeText } from "../../datasets/fetch/describe.ts";
import {
  fetchBenchmark,
  type FetchOptions,
  lookForBenchmark,
  wrongFiles,
} from "../../datasets/fetch/fetch-benchmark.ts";
import { fetchFolder } from "../../datasets/fetch/fetch-folder.ts";
import { type Hosts, publicHosts } from "../../datasets/fetch/hosts.ts";
import type { LocalState } from "../../datasets/fetch/local-state.ts";
import { DEFAULT_NETWORK, type Network } from "../../datasets/fetch/network.ts";
import type { BenchmarkSource } from "../../datasets/fetch/source.ts";
import { sources } from "../../datasets/fetch/sources.ts";
import { shownPath } from "../../datasets/shown-path.ts";
import { UserFacingError } from "../errors.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine, refusePositionals } from "./options.ts";
import { progressLine } from "./progress-line.ts";
import { textTable } from "./text-table.ts";

/** Cause: a download needs the user's word, and nobody can be asked. Handled by: the user, who adds --yes. */
export class ConsentMissingError extends UserFacingError {}

const options = {
  out: { help: "folder that the files go to (default: one of the user's cache, where every command looks for them)" },
  yes: { help: "download without asking; the licence is shown all the same", flag: true },
  annotations: { help: "only the records, no images", flag: true },
  list: { help: "list what can be fetched, with licences and sizes", flag: true },
  ...COMMON,
} as const;

/** What stands around the command; tests put a server of their own and prepared answers there. */
export interface FetchSurroundings {
  sources: Record<string, BenchmarkSource>;
  hosts: () => Hosts;
  network: Network;
  /** Asks a yes-or-no question; undefined where nobody can answer. */
  ask?: (question: string, signal: AbortSignal) => Promise<boolean>;
}

export function makeFetchCommand(surroundings: () => FetchSurroundings): Command {
  return {
    usage: "medke fetch BENCHMARK [--out DIR] [--yes] [--annotations] | medke fetch --list",
    summary:
      "Downloads a benchmark from where it was published, after showing its licence, and verifies it. An interrupted download goes on where it stopped; what is there is not fetched again. HF_TOKEN and HF_ENDPOINT mean what they mean to the hub's own tools.",
    options,
    async run(args, { signal, out, progress }) {
      const { options: given, positionals } = readCommandLine(args, options);
      const { sources: known, hosts, network, ask } = surroundings();
      if (given.list) {
        refusePositionals("fetch --list", positionals);
        return out(listText(known));
      }
      if (positionals.length !== 1)
        throw new CommandLineError(
          `fetch takes one benchmark, not ${positionals.length}. Write for example medke fetch medversa; medke fetch --list says what there is.`,
        );
      const [name] = positionals;
      if (name.startsWith("phantom/")) return out(`${name}: nothing to fetch, it comes with medke.`);
      requireKnown("benchmark", name, Object.keys(known));
      const source = known[name];
      const folder = resolve(given.out ?? join(fetchFolder(), name));
      const line = progressLine(progress);
      const job = {
        name,
        source,
        folder,
        hosts: hosts(),
        network,
        annotationsOnly: given.annotations,
        signal,
        onProgress: line.update,
        onNote: line.note,
      };
      try {
        let state = await lookForBenchmark(job);
        line.end();
        if (state.wrong.length) throw wrongFiles(name, folder, state.wrong);
        const complete = isComplete(state);
        if (!complete) {
          out(offerText(job));
          if (!given.yes && !(await consent(ask, name, signal))) return out("Nothing was downloaded.");
          state = await fetchBenchmark(job);
          line.end();
        }
        out(stateText(name, source, folder, state, complete));
      } finally {
        line.end();
      }
    },
  };
}

export const fetchCommand = makeFetchCommand(() => ({
  sources,
  hosts: publicHosts,
  network: DEFAULT_NETWORK,
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask: askOnTerminal }),
}));

const isComplete = ({ missing, missingFigures }: LocalState) => missing.length === 0 && missingFigures === 0;

async function consent(ask: FetchSurroundings["ask"], name: string, signal: AbortSignal): Promise<boolean> {
  if (ask) return ask("Download? [y/N] ", signal);
  throw new ConsentMissingError(
    `${name}: nothing was downloaded, because nobody can be asked here. If you accept the licence and the terms above, run the same command again with --yes.`,
  );
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes)$/i.test((await terminal.question(question, { signal })).trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}

const offerText = ({ name, source, folder, hosts, annotationsOnly }: FetchOptions): string =>
  [
    `${name}: ${source.title}`,
    `  licence   ${source.licence}`,
    `  terms     ${source.terms}`,
    `  download  ${amountText(source, annotationsOnly)}`,
    ...placesText(source, hosts).map((place) => `  from      ${place}`),
    `  to        ${shownPath(folder)}`,
    ...source.byHand.map(({ what }) => `  by hand   ${what}: how is said afterwards`),
  ].join("\n");

function stateText(name: string, source: BenchmarkSource, folder: string, state: LocalState, before: boolean): string {
  const place = shownPath(folder);
  const nothing = source.files.length === 0;
  const head = nothing
    ? [
        `${name}: ${source.title}`,
        `  licence   ${source.licence}`,
        `  terms     ${source.terms}`,
        "medke cannot fetch it.",
      ]
    : [
        `${name}: ${before ? "already here, verified" : "fetched and verified"}: ${count(state.present, "file")}, ${sizeText(state.bytes)} in ${place}`,
      ];
  const steps = state.byHand.map(({ step, missing }) => byHandText(step, missing, place));
  const next = [
    ...(nothing && steps.length === 0 ? [`Every file is in ${place}.`] : []),
    `${steps.length ? "Then check" : "Check"} the copy with: medke validate --benchmark ${name} ${place}`,
  ];
  return [...head, ...steps, ...next].join("\n");
}

function listText(known: Record<string, BenchmarkSource>): string {
  const rows = Object.entries(known).map(([name, source]) => [
    name,
    amountText(source),
    source.byHand.map(({ what }) => what).join("; ") || "-",
    source.licence,
  ]);
  return textTable(["benchmark", "download", "by hand", "licence"], rows);
}
