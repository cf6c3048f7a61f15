import { checkConflictingTargets } from "../conflicting-targets.ts";
import { checkRecords, checkRepeats, readCopy, type RecordCheck } from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { counterfactFormat, type CounterfactRecord } from "./format.ts";

const RECORDS = { edit: 10_000, train: 10_000 };
const REPEATED: Readonly<Record<string, number>> = { edit: 83, train: 77 };
const CONFLICTING: Readonly<Record<string, number>> = { edit: 62, train: 59 };
const IDS: Readonly<Record<string, readonly [number, number]>> = { edit: [0, 21_918], train: [2, 21_912] };
const none = { edit: 0, train: 0 };

const CHECKS: readonly RecordCheck<CounterfactRecord, readonly [number, number]>[] = [
  {
    id: "locality-answer-differs",
    summary: "locality answer is not the edit's own right answer",
    severity: "warning",
    field: "locality_ground_truth",
    expected: none,
    found: ({ groundTruth, locality }) => locality[0].answer !== groundTruth,
  },
  {
    id: "subject-absent-prompt",
    summary: "prompt does not name the subject",
    severity: "warning",
    field: "prompt",
    expected: none,
    found: ({ prompt, subject }) => !prompt.includes(subject),
  },
  {
    id: "subject-absent-rephrase",
    summary: "rephrasing does not name the subject",
    severity: "warning",
    field: "rephrase_prompt",
    expected: none,
    found: ({ rephrase, subject }) => !rephrase.includes(subject),
  },
  {
    id: "target-is-answer",
    summary: "target is the right answer, so that nothing is edited",
    severity: "warning",
    field: "target_new",
    expected: none,
    found: ({ target, groundTruth }) => target === groundTruth,
  },
  {
    id: "question",
    summary: "prompt is a question instead of the beginning of a sentence",
    severity: "note",
    field: "prompt",
    expected: none,
    found: ({ prompt }) => prompt.trimEnd().endsWith("?"),
  },
  {
    id: "id-range",
    summary: "case id is outside the published range",
    severity: "note",
    field: "case_id",
    expected: none,
    found: ({ caseId }, [least, most]) => caseId < least || caseId > most,
  },
];

/** Checks a copy of CounterFact in EasyEdit's form. Counts: this project's own, of the published files. */
export async function validateCounterfact(folder: string, options: ValidateOptions = {}): Promise<ValidationReport> {
  const checks = new Checks();
  const { files, splits } = await readCopy(counterfactFormat, folder, checks, RECORDS, options);
  const repeatedIds = { key: ({ caseId }: CounterfactRecord) => caseId, field: "case_id", expected: 0 };
  for (const { split, records } of splits) {
    checkRecords(checks, split, records, IDS[split], CHECKS);
    checkRepeats(checks, `id-repeated/${split}`, "records whose case id an earlier one has", records, repeatedIds);
    checkRepeats(checks, `prompt-repeated/${split}`, "records whose prompt an earlier one has", records, {
      key: ({ prompt }) => prompt,
      field: "prompt",
      expected: REPEATED[split],
    });
    checkConflictingTargets(checks, split, records, { prompts: CONFLICTING[split] });
  }
  if (splits.length > 1) {
    const all = splits.flatMap(({ records }) => records);
    checkRepeats(
      checks,
      "id-repeated/edit+train",
      "records of both files whose case id an earlier one has",
      all,
      repeatedIds,
    );
  }
  return validationReport({ folder, benchmark: "counterfact", files, checks: checks.results(), unresolved: [] });
}
