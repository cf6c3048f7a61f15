import type { EditCase } from "../../../datasets/case.ts";
import { sameAnswer } from "../../../datasets/normalise-answer.ts";
import { shownPath } from "../../../datasets/shown-path.ts";
import type { Model } from "../../models/model.ts";
import { plain } from "../pack-summary.ts";
import { shellWord } from "./shell-word.ts";

/** A case that was edited, and how to ask its question again. */
export interface AskedCase {
  id: string;
  question: string;
  target: string;
  /** What the base model answers, and what it does with the edits in force. */
  before: string;
  after: string;
  image?: { id: string; file: string };
  /** A command line that shows the answers before and after. */
  apply: string;
}

/** As many are shown. */
const SHOWN = 3;

export interface AskOptions {
  /** The pack, and what `medke apply` must be told of the model, as they stand on the command line. */
  out: string;
  model?: string;
  device?: string;
  signal: AbortSignal;
}

/** Asks the base model and the edited one the questions of the first few cases. Throws: CancelledError. */
export async function askedCases(
  model: Model,
  edited: Model,
  cases: readonly EditCase[],
  { signal, ...line }: AskOptions,
): Promise<AskedCase[]> {
  const asked: AskedCase[] = [];
  for (const { id, question, target, image } of cases.slice(0, SHOWN)) {
    const before = await model.answer({ image, question }, { signal });
    const after = await edited.answer({ image, question }, { signal });
    const about = image && { id: image.id, file: shownPath(image.path) };
    asked.push({
      id,
      question,
      target,
      before,
      after,
      ...(about && { image: about }),
      apply: applyLine(question, about, line),
    });
  }
  return asked;
}

/** The same as lines of text. */
export function askedLines(asked: readonly AskedCase[], of: number): string[] {
  const all = asked.length === of;
  return [
    `edited${all ? "" : ` (the first ${asked.length} of ${of})`}, and how to ask before and after:`,
    ...asked.flatMap(({ id, question, target, before, after, image, apply }) => [
      `  ${plain(id)}`,
      `    question: ${plain(question)}`,
      `    before:   ${plain(before)}`,
      `    target:   ${plain(target)}`,
      `    after:    ${plain(after)}${sameAnswer(after, target) ? "" : "   [not the target: the edit did not take]"}`,
      ...(image ? [`    image:    ${plain(image.id)}, ${plain(image.file)}`] : []),
      `    ${plain(apply)}`,
    ]),
  ];
}

function applyLine(
  question: string,
  image: AskedCase["image"],
  { out, model, device }: Omit<AskOptions, "signal">,
): string {
  const named = image && !image.file.endsWith(`/${image.id}`);
  const words = {
    question,
    ...(image && { image: image.file }),
    ...(named && { "image-id": image.id }),
    ...(model !== undefined && { model }),
    ...(device !== undefined && { device }),
  };
  const options = Object.entries(words).map(([name, value]) => `--${name} ${shellWord(value)}`);
  return ["npx medke apply", shellWord(out), ...options].join(" ");
}
