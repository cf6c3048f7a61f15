import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import { resultRows } from "../../../kernels/evaluation/result-rows.ts";
import type { CaseResult, Evaluation } from "../../../kernels/evaluation/result.ts";
import { baseTable, tableCases } from "./table-cases.ts";
import { oracle, TableModel } from "./table-model.ts";

/** A result document of `n` cases by the editor that does everything right, as `medke evaluate --json` prints it. */
export async function oracleDocument(n: number): Promise<Evaluation> {
  const cases = tableCases(n);
  return evaluate({ model: new TableModel(baseTable(cases)), editor: oracle, cases });
}

/** The same document as if another editor had made it: right on the reliability probe of case i where `right(i)`; rows are made again. */
export function asEditor(document: Evaluation, editor: string, right: (i: number) => boolean): Evaluation {
  const cases = document.cases.map((each, i): CaseResult => ({
    ...each,
    probes: each.probes.map((probe) =>
      probe.kind === "reliability" ? { ...probe, pass: right(i), tf_after: right(i) ? 1 : 0.5 } : probe,
    ),
  }));
  return { ...document, editor, cases, rows: resultRows(cases) };
}
