import type { SplitCopy } from "../validate-edits.ts";
import type { Checks } from "../validation.ts";
import { visualValidator } from "../visual-edit/validate.ts";
import type { VisualEdit } from "../visual-edit/visual-edit.ts";
import { joinKey } from "./attack-index.ts";
import { ATTACK_TYPES } from "./attack-types.ts";
import { medmkebFormat } from "./format.ts";
import { PUBLISHED_RECORDS } from "./layout.ts";

/**
 * Checks a copy of MedMKEB. The expected counts are those of its description and of the loaders of others (unconfirmed): 4,490, 2,497 and
 * 721 records, 2,688 portability and 721 robustness questions, one image an edit in the eval file.
 */
export const validateMedmkeb = visualValidator({
  format: medmkebFormat,
  records: PUBLISHED_RECORDS,
  expected: { "distinct-images": { eval: 2497 } },
  hops: {},
  distinct: [
    ...(["clinical_VQA_task", "modality", "department"] as const).map((field) => ({
      id: `distinct-${field}`,
      summary: `different values of ${field}`,
      of: ({ meta }: VisualEdit) => [meta[field]],
    })),
  ],
  more(checks, splits) {
    const probes = (kind: string, names: readonly string[]) =>
      splits
        .filter(({ split }) => names.includes(split))
        .flatMap(({ records }) => records.flatMap(({ record }) => record.more.filter((probe) => probe.kind === kind)));
    checks
      .open("portability-questions", "portability questions of train and eval, all hops", "note", 2688)
      .count(probes("portability", ["train", "eval"]).length);
    const attack = splits.find(({ split }) => split === "attack");
    if (!attack) return;
    const asked = probes("robustness", ["attack"]);
    checks.open("robustness-questions", "robustness questions of the attack file", "note", 721).count(asked.length);
    checks
      .open("attack-references", "image references of the attack file", "note", 2163)
      .count(
        attack.records.reduce(
          (sum, { record }) => sum + 1 + Number(record.imageRephrase !== undefined) + Number(!!record.imageLocality),
          0,
        ),
      );
    const known = Object.keys(ATTACK_TYPES);
    for (const name of known)
      checks
        .open(`attack-${name}`, `attacks of the kind "${name}"`, "note")
        .count(asked.filter((probe) => probe.name === name).length);
    checks
      .open("attack-other", "attacks of another kind than the five", "warning", 0)
      .count(asked.filter((probe) => !known.includes(probe.name ?? "")).length);
    joins(
      checks,
      attack,
      splits.find(({ split }) => split === "eval"),
    );
  },
});

/** Attack records must be edits of the eval file: the same image, question, old answer and target. */
function joins(checks: Checks, attack: SplitCopy<VisualEdit>, evaluated?: SplitCopy<VisualEdit>): void {
  if (!evaluated) return;
  const edits = new Set(evaluated.records.map(({ record }) => joinKey(record)));
  const check = checks.open("attack-without-edit", "attack records that are no edit of the eval file", "warning", 0);
  for (const { record, json, file } of attack.records)
    if (!edits.has(joinKey(record)))
      check.find({ file, line: json.line, field: "image, src, pred, alt", value: joinKey(record) });
}
