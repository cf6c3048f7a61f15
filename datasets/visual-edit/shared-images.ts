import type { SplitCopy } from "../validate-edits.ts";
import type { Checks } from "../validation.ts";
import type { VisualEdit } from "./visual-edit.ts";

/** Counts the edited images that two splits share, where the copy has both. */
export function checkSharedImages(
  checks: Checks,
  splits: readonly SplitCopy<VisualEdit>[],
  pair: readonly [string, string],
  expected?: number,
): void {
  const [one, two] = pair.map(
    (name) => new Set(splits.find(({ split }) => split === name)?.records.map(({ record }) => record.image)),
  );
  if (one.size && two.size)
    checks
      .open("shared-images", `edited images that ${pair.join(" and ")} share`, "warning", expected)
      .count([...two].filter((image) => one.has(image)).length);
}
