import { answerWords, changed, editDiffSummary, SAME_PIXELS, scoredWords } from "./diff-words.ts";
import type { EditDiffPayload } from "./edit-diff.ts";
import { probeWords } from "./metric-words.ts";

/** A before/after view as text: three lines a probe, PASS or FAIL first. */
export function editDiffText(payload: EditDiffPayload): string {
  const head = [
    payload.notice,
    editDiffSummary(payload),
    `editor ${payload.editor}, model ${payload.model}, benchmark ${payload.benchmark}, case ${payload.case}`,
    ...(payload.image ? [`image ${payload.image}: ${payload.images[payload.image].alt}. ${SAME_PIXELS}`] : []),
  ];
  const probes = payload.probes.map((probe) => {
    const other = probe.image && probe.image !== payload.image ? ` [image ${probe.image}]` : "";
    const arrow = changed(probe) ? " (changed)" : "";
    return [
      `${probe.pass ? "PASS" : "FAIL"}  ${probeWords(probe)}: ${probe.question}${other}`,
      `      before: ${answerWords(probe.before)} | after: ${answerWords(probe.after)}${arrow} | expected: ${answerWords(probe.expected)}`,
      `      ${scoredWords(probe)}`,
    ].join("\n");
  });
  return [head.filter(Boolean).join("\n"), ...probes].join("\n\n");
}
