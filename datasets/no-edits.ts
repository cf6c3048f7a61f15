import type { Benchmark } from "./benchmark.ts";

/** Why a benchmark makes no edit cases, and which command its records are for. */
export function noEdits(name: string, { task }: Pick<Benchmark, "task">): string {
  const phantom = name.startsWith("phantom/");
  const command =
    task === "confusion-pairs"
      ? `medke confuse${phantom ? "" : ` --pairs ${name}`}, or medke evaluate --protocol edit-then-confuse${phantom ? "" : ` --pairs ${name}`} for before and after edits`
      : `medke vqa --benchmark ${name}`;
  return (
    `its records (${task}) hold no edits. Ask them with ${command}; ` +
    `or take a benchmark whose task is edit-text or edit-vision, which medke benchmarks lists.`
  );
}
