import { CONFUSION_MODES } from "../../evaluation/confusion/result.ts";
import { DEFAULT_PROFILES, profiles } from "../../evaluation/profiles/index.ts";
import { protocols } from "../../evaluation/protocols/index.ts";
import type { ProtocolFamily } from "../../evaluation/protocols/protocol.ts";
import { STATISTICS_OPTIONS } from "../editing/chosen-statistics.ts";
import { SET_OPTION } from "../editing/editor-settings.ts";
import { COMMON } from "../options.ts";

const families: ProtocolFamily[] = Object.values(protocols);

/** One line each, below the help of an option. */
const list = (lines: (readonly [string, string])[]) =>
  lines.map(([name, text]) => `\n${" ".repeat(16)}${name.padEnd(27)}${text}`).join("");

export const evaluateOptions = {
  model: { help: "embedded model, or a model folder in the transformers.js layout", default: "phantom" },
  benchmark: { help: "benchmark to make edit cases from", default: "phantom/medmkeb" },
  data: {
    help: "folder of the benchmark's files, for one that needs any (default: data/NAME in the data folder, else what medke fetch downloaded)",
  },
  split: { help: "split of the benchmark; default: the one that its edits are meant for" },
  editor: { help: "editor to run; `medke editors` lists them" },
  ...SET_OPTION,
  ...STATISTICS_OPTIONS,
  protocol: {
    help: `order of edits and probes:${list(families.map(({ usage, summary }) => [usage, summary]))}\n${" ".repeat(14)}`,
    default: "single",
  },
  profiles: {
    help: `scoring profiles that get rows, with commas between:${list(Object.values(profiles).map(({ name, summary }) => [name, summary]))}\n${" ".repeat(14)}`,
    default: DEFAULT_PROFILES.join(","),
  },
  limit: {
    help: `number of tested cases (default 10; N for batch:N and group:N with a larger N):${list(families.map(({ usage, limit }) => [usage, limit]))}`,
  },
  seed: { help: "seed of cases, targets, editor, official order and intervals", default: "0" },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  pairs: { help: "of edit-then-confuse: phantom, or mediconfusion", default: "phantom" },
  "pairs-data": {
    help: "of edit-then-confuse: folder of the pairs' files, for published pairs (default as for --data)",
  },
  "pairs-limit": { help: "of edit-then-confuse: number of pairs" },
  mode: { help: `of edit-then-confuse: how pairs are asked, ${CONFUSION_MODES.join(", ")}`, default: "ps" },
  store: { help: "folder that keeps every finished case; the same command then does only what is missing" },
  lines: {
    help: "file that gets every finished case as one line of JSON as it comes; the document then holds none, and memory stays flat",
  },
  json: { help: "print one JSON document instead of a table", flag: true },
  ...COMMON,
} as const;
