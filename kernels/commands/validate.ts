import { benchmarkFolder } from "../../datasets/benchmark-folder.ts";
import type { Benchmark } from "../../datasets/benchmark.ts";
import { benchmarks } from "../../datasets/index.ts";
import type { CheckResult, ValidationReport } from "../../datasets/validation.ts";
import { UserFacingError } from "../errors.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine, requireFolder, requireOptions } from "./options.ts";
import { progressLine } from "./progress-line.ts";
import { textTable } from "./text-table.ts";

/** Cause: a copy of a benchmark cannot be used as it is. Handled by: the user, who fetches or repairs it; the report says where. */
export class NotUsableError extends UserFacingError {}

const options = {
  benchmark: { help: "which benchmark PATH is a copy of; `medke benchmarks` lists them" },
  images: { help: "folder that image references start from, where it is not PATH or its images folder" },
  json: { help: "print one JSON document with every check", flag: true },
  ...COMMON,
} as const;

export const validateCommand: Command = {
  usage: "medke validate --benchmark NAME [PATH] [--images DIR] [--json]",
  summary:
    "Checks a copy of a benchmark's files against what was published: PATH is their folder, or one of the files " +
    "(default: data/NAME in the data folder, else what medke fetch downloaded). " +
    "Fails where they cannot be used.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    const { benchmark } = requireOptions<"benchmark">({ benchmark: given.benchmark }, { benchmark: "medversa" });
    const known: Record<string, Benchmark> = benchmarks;
    if (Object.hasOwn(known, benchmark) && !known[benchmark].needsFolder)
      throw new CommandLineError(
        `--benchmark ${benchmark}: it is drawn, so there are no files to check. Check what medke phantom export wrote by its form's name, for example --benchmark medmkeb DIR.`,
      );
    const name = requireKnown(
      "benchmark with files",
      benchmark,
      Object.keys(known).filter((id) => known[id].validate),
    );
    if (positionals.length > 1)
      throw new CommandLineError(
        `validate takes one PATH at most, not ${positionals.length}. Write for example: medke validate --benchmark ${name} path/to/${name}.`,
      );
    if (given.images !== undefined) requireFolder("images", given.images, "the benchmark's images");
    const line = progressLine(progress);
    const report = await known[name].validate!(positionals[0] ?? benchmarkFolder(name), {
      signal,
      ...(given.images !== undefined && { images: given.images }),
      onProgress: (file, records) => line.update(`${name}: records of ${file}`, records, records),
    }).finally(() => line.end());
    out(given.json ? JSON.stringify(report, null, 2) : describe(report));
    if (report.verdict === "not usable")
      throw new NotUsableError(
        `${name}: not usable: ${report.reasons.slice(0, 3).join("; ")}. Fetch the files again, or repair them at the places above.`,
      );
  },
};

/**
 * The report as text: files, what was found, and the verdict with its reasons. What is only worth knowing is told of the published set, whose
 * counts it shows to be right; of others it stays in --json.
 */
function describe({ benchmark, set, files, checks, verdict, reasons }: ValidationReport): string {
  const published = set === "published";
  const seen = checks.filter(({ found, expected }) => found > 0 || (published && (expected ?? found) !== found));
  const told = seen.filter(({ id, severity }) => published || severity !== "note" || id.startsWith("records/"));
  const [quiet, kept] = [checks.length - seen.length, seen.length - told.length];
  return [
    textTable(
      ["file", "split", "records", "sha256", "published as"],
      files.map((file) => [
        file.file,
        file.split ?? "-",
        String(file.records),
        file.sha256.slice(0, 16),
        file.published ??
          (set === "phantom"
            ? "a phantom file"
            : file.fingerprintKnown
              ? "no published file"
              : "no fingerprint is known"),
      ]),
    ),
    "",
    textTable(
      ["check", "found", "published", "", "what", "first place"],
      told.map((check) => [
        check.id,
        String(check.found),
        !published || check.expected === undefined ? "-" : String(check.expected),
        markOf(check, published),
        check.summary,
        placeOf(check),
      ]),
    ),
    ...(quiet ? [`${many(quiet, "further check")} found nothing${published ? ", as published" : ""}.`] : []),
    ...(kept ? [`${many(kept, "further count")} in --json.`] : []),
    "",
    `${benchmark}: ${verdict}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...(set === "phantom" ? ["  The invented world in the published form; published counts do not concern it."] : []),
    ...(verdict.endsWith("images missing")
      ? ["  Without them its texts can be read; for the images say where they lie with --images DIR."]
      : []),
  ].join("\n");
}

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

function markOf({ found, expected, severity }: CheckResult, published: boolean): string {
  if (severity === "error" && found > 0) return "error";
  if (!published || expected === undefined) return severity;
  return found === expected ? "ok" : "differs";
}

function placeOf({ examples: [first] }: CheckResult): string {
  if (!first) return "-";
  const value = first.value.length > 48 ? `${first.value.slice(0, 47)}…` : first.value;
  return `${first.file}${first.line ? `:${first.line}` : ""} ${first.field}: ${value}`;
}
