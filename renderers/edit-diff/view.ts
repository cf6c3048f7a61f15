import { answerWords, editDiffSummary, gain, SAME_PIXELS } from "../../kernels/display/diff-words.ts";
import type { EditDiffPayload } from "../../kernels/display/edit-diff.ts";
import { readEditDiff } from "../../kernels/display/read-edit-diff.ts";
import { html } from "../element.ts";
import { themedView } from "../themed-view.ts";
import type { View } from "../view.ts";
import { picture } from "./picture.ts";
import { PROBE_COLUMNS, probeRows } from "./probe-rows.ts";
import { EDIT_DIFF_STYLES } from "./styles.ts";

/**
 * Shows one edit: the image, what was to change, and every probe before and after.
 *
 * Throws: PayloadError.
 */
export function showEditDiff(host: HTMLElement, value: unknown): View {
  const payload = readEditDiff(value);
  const summary = editDiffSummary(payload);
  const root = html(
    "section",
    { class: "medke medke-edit-diff", role: "region", "aria-label": `Edit of "${payload.question}"` },
    html("p", { class: "medke-unseen" }, summary),
    head(payload),
    probeTable(payload, summary),
  );
  host.append(root);
  return themedView(root, EDIT_DIFF_STYLES);
}

function head(payload: EditDiffPayload): HTMLElement {
  const image = payload.image === undefined ? undefined : payload.images[payload.image];
  const fact = (name: string, text: string) => [html("dt", {}, name), html("dd", {}, text)];
  const facts = html(
    "div",
    { class: "medke-facts" },
    html("h2", {}, payload.question),
    html(
      "p",
      { class: "medke-swap" },
      html("span", { class: "medke-unseen" }, "from "),
      answerWords(payload.answer),
      html("span", { "aria-hidden": "true" }, "  \u2192  "),
      html("span", { class: "medke-unseen" }, " to "),
      payload.target,
    ),
    html(
      "dl",
      {},
      ...fact("Editor", payload.editor),
      ...fact("Model", payload.model),
      ...fact("Benchmark", payload.benchmark),
      ...fact("Case", payload.case),
    ),
    html("p", { class: "medke-notice" }, payload.notice),
  );
  if (!image) return html("div", { class: "medke-head" }, facts);
  facts.append(html("p", { class: "medke-quiet" }, SAME_PIXELS));
  return html("div", { class: "medke-head" }, html("figure", { class: "medke-subject" }, picture(image)), facts);
}

function probeTable(payload: EditDiffPayload, summary: string): HTMLElement {
  const scale = Math.max(...payload.probes.map((probe) => Math.abs(gain(probe))), 1e-9);
  const table = html(
    "table",
    {},
    html("caption", { class: "medke-unseen" }, summary),
    html("thead", {}, html("tr", {}, ...PROBE_COLUMNS.map((title) => html("th", { scope: "col" }, title)))),
    html("tbody", {}, ...payload.probes.flatMap((probe) => probeRows(payload, probe, scale))),
  );
  return html("div", { class: "medke-scroll" }, table);
}
