import type { Evaluation } from "../result.ts";

/** A name for each evaluation: its editor, and where editors repeat also whatever else differs; the last resort is a number. */
export function evaluationLabels(
  evaluations: readonly Pick<Evaluation, "editor" | "model" | "benchmark" | "protocol" | "seed">[],
): string[] {
  const told = (["model", "benchmark", "protocol", "seed"] as const).filter(
    (key) => new Set(evaluations.map((each) => each[key])).size > 1,
  );
  const editors = evaluations.map(({ editor }) => editor);
  const repeats = new Set(editors).size < editors.length;
  const words = evaluations.map((each) =>
    repeats && told.length
      ? `${each.editor} (${told.map((key) => (key === "seed" ? `seed ${each.seed}` : each[key])).join(", ")})`
      : each.editor,
  );
  return words.map((label, i) => {
    const before = words.slice(0, i).filter((other) => other === label).length;
    return before ? `${label} #${before + 1}` : label;
  });
}
