import { canonicalJson } from "../content-hash.ts";
import type { Evaluation } from "../result.ts";

/** What names an evaluation; documents of earlier versions have no settings. */
type Named = Pick<Evaluation, "editor" | "model" | "benchmark" | "protocol" | "seed"> &
  Partial<Pick<Evaluation, "editor_options" | "statistics">>;

/**
 * A name for each evaluation: its editor, and where editors repeat also whatever else differs, settings of the editor last; the last resort
 * is a number.
 */
export function evaluationLabels(evaluations: readonly Named[]): string[] {
  const told = (["model", "benchmark", "protocol", "seed"] as const).filter(
    (key) => new Set(evaluations.map((each) => each[key])).size > 1,
  );
  const editors = evaluations.map(({ editor }) => editor);
  const repeats = new Set(editors).size < editors.length;
  const places = evaluations.map((each) =>
    repeats ? told.map((key) => (key === "seed" ? `seed ${each.seed}` : String(each[key]))) : [],
  );
  const labelled = (i: number, more: readonly string[] = []) => {
    const words = [...places[i], ...more];
    return words.length ? `${editors[i]} (${words.join(", ")})` : editors[i];
  };
  const plain = evaluations.map((_, i) => labelled(i));
  const words = evaluations.map((each, i) => {
    const alike = evaluations.filter((_, other) => plain[other] === plain[i]);
    return alike.length > 1 ? labelled(i, differences(each, alike)) : plain[i];
  });
  return words.map((label, i) => {
    const before = words.slice(0, i).filter((other) => other === label).length;
    return before ? `${label} #${before + 1}` : label;
  });
}

/** An evaluation's settings in which some of the others differ from it. */
function differences({ editor_options: own = {}, statistics }: Named, alike: readonly Named[]): string[] {
  const names = new Set(alike.flatMap(({ editor_options = {} }) => Object.keys(editor_options)));
  const differing = [...names].filter(
    (name) => new Set(alike.map(({ editor_options = {} }) => canonicalJson(editor_options[name]))).size > 1,
  );
  const corpora = new Set(alike.map((each) => each.statistics?.digest));
  return [
    ...differing.filter((name) => own[name] !== undefined).map((name) => `${name} ${shown(own[name])}`),
    ...(corpora.size > 1 && statistics ? [`statistics of ${statistics.corpus}`] : []),
  ];
}

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
