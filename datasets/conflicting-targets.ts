import { groupBy } from "./group-by.ts";
import { type PlacedRecord, valueOf } from "./validate-edits.ts";
import type { Checks } from "./validation.ts";

/**
 * Counts prompts that several records edit to different targets, which a batch that holds two of them cannot all fulfil, and the most
 * targets of one prompt.
 */
export function checkConflictingTargets<R extends { prompt: string; target: string }>(
  checks: Checks,
  name: string,
  records: readonly PlacedRecord<R>[],
  expected: { prompts?: number; most?: number } = {},
): void {
  const check = checks.open(
    `conflicting-targets/${name}`,
    "prompts that are edited to more than one target",
    "warning",
    expected.prompts,
  );
  let most = 0;
  for (const [, group] of groupBy(records, ({ record }) => record.prompt)) {
    const targets = new Set(group.map(({ record }) => record.target));
    most = Math.max(most, targets.size);
    if (targets.size < 2) continue;
    const { json, file } = group[1];
    check.find({ file, line: json.lineOf("prompt"), field: "prompt", value: valueOf(json, "prompt") });
  }
  checks.open(`most-targets/${name}`, "most targets of one prompt", "note", expected.most).count(most);
}
