import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gradientRules, lowerings } from "../../../kernels/onnx/index.ts";
import { shared } from "../../shared-data.ts";

export const BEGIN = "<!-- operators: written by test/kernels/onnx/write-operator-table.ts -->";
export const END = "<!-- operators: end -->";

const FAMILIES = "models/tiny-families";

/** One operator, what becomes of it in a gradient, and what that is tested on. */
export interface OperatorRow {
  operator: string;
  treatment: string;
  tested: string;
}

/** The rows of the operator table, from the registries; which families hold an operator comes from the test data, where it is there. */
export function operatorRows(): OperatorRow[] {
  const families = familiesByOperator();
  const row = (operator: string, treatment: string, checks: string): OperatorRow => ({
    operator,
    treatment,
    tested: [checks, familyList(families.get(operator))].filter(Boolean).join("; ") || "-",
  });
  const rules = Object.entries(gradientRules).map(([operator, rule]) => {
    if (typeof rule === "function") return row(operator, "rule", "central differences");
    const [[kind, why]] = Object.entries(rule);
    return row(operator, `${kind}: ${why}`, "");
  });
  const fused = Object.keys(lowerings).map((operator) =>
    row(`${operator} (fused or quantised)`, "lowering", "the fused operator's own values; central differences"),
  );
  return [...rules, ...fused].sort((a, b) => (a.operator < b.operator ? -1 : 1));
}

/** The table as Markdown. */
export const operatorTable = (rows = operatorRows()): string =>
  [
    "| operator | rule / lowering / zero | tested on |",
    "|---|---|---|",
    ...rows.map(({ operator, treatment, tested }) => `| ${operator} | ${treatment} | ${tested} |`),
  ].join("\n");

/** The part of the README between the two marks. */
export function writtenTable(readme: string): string {
  const [start, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  return start < 0 || end < 0 ? "" : readme.slice(start + BEGIN.length, end).trim();
}

const familyList = (families: Set<string> | undefined) => {
  if (!families) return "";
  const all = readdirSync(shared(FAMILIES), { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;
  return families.size === all ? "all families" : [...families].sort().join(", ");
};

function familiesByOperator(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  if (!existsSync(shared(FAMILIES))) return found;
  for (const family of readdirSync(shared(FAMILIES), { withFileTypes: true })) {
    if (!family.isDirectory()) continue;
    const { files } = JSON.parse(readFileSync(shared(FAMILIES, family.name, "meta.json"), "utf8")) as {
      files: Record<string, { ops: Record<string, number> }>;
    };
    for (const name of Object.values(files).flatMap((file) => Object.keys(file.ops))) {
      const [operator] = name.split(":").reverse();
      // A fused operator may stand in the standard domain (SimplifiedLayerNormalization, MatMulInteger).
      const fused = name !== operator || !(operator in gradientRules);
      const key = fused && operator in lowerings ? `${operator} (fused or quantised)` : operator;
      found.set(key, (found.get(key) ?? new Set()).add(family.name));
    }
  }
  return found;
}
