import type { DiffProbe, EditDiffPayload } from "./edit-diff.ts";
import { score, signed } from "./format-number.ts";

export const SAME_PIXELS = "The pixels are the same before and after: an edit changes answers, not pictures.";

/** Whether an answer reads differently after the edit; case and surrounding space do not count. */
export const changed = (probe: DiffProbe): boolean => plain(probe.before) !== plain(probe.after);
const plain = (text: string) => text.trim().toLowerCase();

/** Change in mean log-probability of the scored text, nats per token. */
export const gain = (probe: DiffProbe): number => probe.logprob_after - probe.logprob_before;

/** "−4.10 to −0.20" */
export const logprobs = (probe: DiffProbe): string => `${score(probe.logprob_before)} to ${score(probe.logprob_after)}`;

/** Says which text the log-probability belongs to. */
export const scoredWords = (probe: DiffProbe): string =>
  `Log-probability of "${probe.scored}": ${logprobs(probe)} nats per token (${signed(gain(probe))})`;

/** An answer as shown; a model may answer nothing. */
export const answerWords = (answer: string): string => (answer.trim() ? answer : "(empty answer)");

/** One sentence that stands for the view where it cannot be seen. */
export function editDiffSummary(payload: EditDiffPayload): string {
  const passed = payload.probes.filter((probe) => probe.pass).length;
  const moved = payload.probes.filter(changed).length;
  return (
    `Edit by ${payload.editor}: "${payload.question}" from "${answerWords(payload.answer)}" to "${payload.target}"; ` +
    `${passed} of ${payload.probes.length} probes pass, ${moved} ${moved === 1 ? "answer" : "answers"} changed.`
  );
}
