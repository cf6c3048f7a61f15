import type { DiffImage, DiffProbe, EditDiffPayload } from "../../kernels/display/edit-diff.ts";
import { answerWords, changed, gain, logprobs, scoredWords } from "../../kernels/display/diff-words.ts";
import { signed } from "../../kernels/display/format-number.ts";
import { probeWords } from "../../kernels/display/metric-words.ts";
import { html } from "../element.ts";
import { changeBar } from "./change-bar.ts";
import { picture } from "./picture.ts";
import { verdict } from "./verdict.ts";

export const PROBE_COLUMNS = [
  "Result",
  "Probe",
  "Question",
  "Before",
  "After",
  "Expected",
  "Log-probability (nats/token)",
];

/** The table row of a probe; for a probe on another image also the row below, where that image opens. `scale`: the largest change. */
export function probeRows(payload: EditDiffPayload, probe: DiffProbe, scale: number): HTMLTableRowElement[] {
  const other = probe.image !== undefined && probe.image !== payload.image ? payload.images[probe.image] : undefined;
  const question = html("td", { class: "medke-question" }, html("span", {}, probe.question));
  const row = html(
    "tr",
    {},
    html("td", {}, verdict(probe.pass)),
    html("th", { scope: "row", class: "medke-kind" }, probeWords(probe)),
    question,
    html("td", { class: "medke-answer" }, answerWords(probe.before)),
    afterCell(probe),
    html("td", { class: "medke-answer" }, answerWords(probe.expected)),
    changeCell(probe, scale),
  );
  if (!other) return [row];
  const { button, below } = thumbnail(other, probe.image!);
  question.append(button);
  return [row, below];
}

function afterCell(probe: DiffProbe): HTMLElement {
  const after = answerWords(probe.after);
  return changed(probe)
    ? html(
        "td",
        { class: "medke-answer" },
        html("strong", { class: "medke-changed" }, after),
        html("span", { class: "medke-tag" }, "changed"),
      )
    : html("td", { class: "medke-answer" }, after);
}

function changeCell(probe: DiffProbe, scale: number): HTMLElement {
  const words = scoredWords(probe);
  const cell = html(
    "td",
    { class: "medke-change" },
    html(
      "span",
      { class: "medke-gain", "aria-hidden": "true" },
      html("b", {}, signed(gain(probe))),
      changeBar(gain(probe) / scale),
    ),
    html("span", { class: "medke-quiet medke-range", "aria-hidden": "true" }, logprobs(probe)),
    html("span", { class: "medke-unseen" }, words),
  );
  cell.title = words;
  return cell;
}

function thumbnail(image: DiffImage, name: string) {
  const button = html(
    "button",
    { type: "button", class: "medke-thumb", "aria-expanded": "false", title: `${name}: show large` },
    picture(image),
  );
  const below = html(
    "tr",
    { hidden: true, class: "medke-large" },
    html(
      "td",
      { colspan: PROBE_COLUMNS.length },
      html("figure", {}, picture(image), html("figcaption", { class: "medke-quiet" }, name)),
    ),
  );
  const open = (shown: boolean) => {
    below.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    button.title = `${name}: ${shown ? "close" : "show large"}`;
  };
  button.addEventListener("click", () => open(below.hidden));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || below.hidden) return;
    event.stopPropagation();
    open(false);
  });
  return { button, below };
}
