import { UserFacingError } from "../../errors.ts";
import type { OptionScores } from "./choice.ts";

export interface Judgement {
  scores: OptionScores;
  reason: string;
}

/**
 * Cause: a judge's reply has not the form that the published parser takes, which ends its run.
 * Handled by: the caller, who judges again or reads replies with `readJudge`.
 */
export class JudgeReplyError extends UserFacingError {
  /** What the published code raises. */
  readonly official: "ValueError" | "IndexError";

  constructor(reply: string, fault: string, official: JudgeReplyError["official"]) {
    super(
      `judge reply ${JSON.stringify(reply.slice(0, 80))}: ${fault}. Ask again, or use the corrected variant, in which such a reply is no choice.`,
    );
    this.official = official;
  }
}

/**
 * Reads a judge's reply by the published rule: lines `A: 8`, `B: 3` and an explanation. A reply that never came (null) scores 0 and 0.
 *
 * Throws: JudgeReplyError for every other form, such as `8/10`, bold text or two lines.
 * Source: MediConfusion (arXiv 2409.15477), `process_gpt_response`.
 */
export function parseJudge(reply: string | null): Judgement {
  if (reply === null) return { scores: { A: 0, B: 0 }, reason: "" };
  const lines = reply.replaceAll("\n\n", "\n").split("\n");
  const line = (i: number): string => {
    if (i < lines.length) return lines[i];
    throw new JudgeReplyError(reply, `it has ${lines.length} lines, and 3 are needed`, "IndexError");
  };
  const score = (i: number, label: string): number => {
    const text = line(i).replaceAll(label, "").trim();
    if (/^[+-]?\d+(_\d+)*$/.test(text)) return Number(text.replaceAll("_", ""));
    throw new JudgeReplyError(reply, `line ${i + 1} is not "${label}" and a whole number`, "ValueError");
  };
  const scores = { A: score(0, "A: "), B: score(1, "B: ") };
  return { scores, reason: line(2).replaceAll("Your explanation: ", "") };
}

/**
 * Reads a judge's reply in whatever form the two scores come: emphasis, `8/10`, any order, no explanation. A reply without both scores,
 * each from 0 to 10 and said once, is no choice (0 and 0).
 *
 * Source: corrected variant of this project.
 */
export function readJudge(reply: string | null): Judgement {
  const nothing = { scores: { A: 0, B: 0 }, reason: (reply ?? "").trim() };
  const plain = (reply ?? "").replace(/[*_`#]/g, "");
  const score = (letter: string): number | undefined => {
    const lines = plain.matchAll(
      new RegExp(
        `^\\s*(?:[-•]\\s*)?(?:option\\s+)?${letter}\\s*[:=]\\s*([+-]?\\d+(?:\\.\\d+)?)(?:\\s*/\\s*10)?\\.?\\s*$`,
        "gim",
      ),
    );
    const found = [...lines].map(([, number]) => Number(number));
    return found.length === 1 && found[0] >= 0 && found[0] <= 10 ? found[0] : undefined;
  };
  const [A, B] = [score("A"), score("B")];
  if (A === undefined || B === undefined) return nothing;
  const reason = plain.split("\n").findLast((line) => line.trim() !== "") ?? "";
  return { scores: { A, B }, reason: reason.replace(/^\s*your explanation:\s*/i, "").trim() };
}
