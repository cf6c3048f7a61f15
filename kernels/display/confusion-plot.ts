import type { ConfusionEvaluation } from "../evaluation/confusion/result.ts";
import { CONFUSION_MIME, type ConfusionPayload, type ConfusionPlotMetric, type ConfusionSeries } from "./confusion.ts";
import { confusionSvg } from "./confusion-svg.ts";
import { confusionText } from "./confusion-text.ts";
import { type Displayable, MIME_BUNDLE } from "./mime.ts";
import { IncomparableRowsError } from "./panels.ts";
import { PayloadError } from "./payload-shape.ts";
import { rasterise } from "./rasterise.ts";

/** A plot of confusion scores, such as those before and after an edit. Throws: PayloadError; IncomparableRowsError. */
export function confusionPlot(
  evaluations: ConfusionEvaluation | readonly ConfusionEvaluation[],
  options: { title?: string; labels?: readonly string[] } = {},
): Displayable {
  const list = "rows" in evaluations ? [evaluations] : evaluations;
  const payload = confusionPayload(list, options);
  return {
    [MIME_BUNDLE]: async () => {
      const svg = confusionSvg(payload);
      return {
        [CONFUSION_MIME]: payload,
        "image/svg+xml": svg,
        "image/png": await rasterise(svg),
        "text/plain": confusionText(payload),
      };
    },
  };
}

/** The plot's data. Throws: PayloadError without evaluations; IncomparableRowsError where their numbers may not share an axis. */
export function confusionPayload(
  evaluations: readonly ConfusionEvaluation[],
  { title = "Telling look-alike images apart", labels = [] }: { title?: string; labels?: readonly string[] } = {},
): ConfusionPayload {
  const [first] = evaluations;
  if (!first) throw new PayloadError("confusion plot: there is nothing to draw. Pass at least one evaluation.");
  const other = evaluations.find(({ comparable_group }) => comparable_group !== first.comparable_group);
  if (other)
    throw new IncomparableRowsError(
      `confusion plot: "${first.comparable_group}" and "${other.comparable_group}" are different comparable groups. Draw two plots.`,
    );
  const clusters = new Set(first.pairs.map(({ cluster }) => cluster)).size;
  return {
    version: 1,
    title,
    subtitle: `${first.benchmark}, ${first.pairs.length} pairs in ${clusters} clusters, mode ${first.mode}, ${first.variant}, each image apart`,
    comparable_group: first.comparable_group,
    series: evaluations.map((evaluation, i) => seriesOf(evaluation, labels[i])),
    // The longer option is one of the rules that give one answer, which the constant stands for.
    baselines: first.baselines
      .filter(({ id }) => id !== "longer-option")
      .map(({ id, set, individual, confusion }) => ({ label: BASELINES[id], scores: { set, individual, confusion } })),
  };
}

const BASELINES: Record<ConfusionEvaluation["baselines"][number]["id"], string> = {
  coin: "coin an image",
  constant: "one letter",
  "pair-aware": "coin a pair",
  "longer-option": "longer option",
};

function seriesOf({ model, edits, rows }: ConfusionEvaluation, label?: string): ConfusionSeries {
  const score = (metric: ConfusionPlotMetric) => {
    const row = rows.find((each) => each.metric === metric && each.category === "All" && each.rule === "official");
    return row && row.value !== null ? { value: row.value, ci: row.ci, n: row.n } : null;
  };
  const own = edits.length ? `${model}, ${edits.length} edit${edits.length > 1 ? "s" : ""}` : model;
  return {
    label: label ?? own,
    scores: { set: score("set"), individual: score("individual"), confusion: score("confusion") },
  };
}
