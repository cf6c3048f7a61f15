import type { EditCase } from "../../datasets/case.ts";
import { UserFacingError } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { lastNounPhrase } from "./noun-phrase.ts";

/** Cause: a case has no token of the wanted kind, such as an image token where there is no image. Handled by: the caller. */
export class KeyPositionError extends UserFacingError {}

/**
 * Where a locate-and-edit method takes its key. Questions about images name no subject as the methods' own data do, so the choice is an
 * option that is recorded: the last token of the prompt, the last row of the image's features, or the last token of the question's subject
 * (as the benchmark names it, else its last noun phrase).
 */
export const KEY_POSITIONS = ["last-prompt-token", "last-image-token", "subject"] as const;
export type KeyPosition = (typeof KEY_POSITIONS)[number];

/** The row of a case's key in its sequence, and the words it was found by. Throws: UnknownNameError, KeyPositionError. */
export async function keyRow(
  editor: string,
  model: EditableModel,
  { id, image, question, meta }: EditCase,
  position: KeyPosition,
): Promise<{ row: number; words?: string }> {
  requireKnown(`${editor} key position`, position, KEY_POSITIONS);
  const query = { image, question };
  if (position === "last-prompt-token") return { row: model.promptLength(query) - 1 };
  if (position === "last-image-token") {
    const rows = image && (await model.imageRows(query));
    if (rows) return { row: rows[1] - 1 };
    throw new KeyPositionError(
      `${editor}: case "${id}" has no image, so there is no last image token. Take position "last-prompt-token" or "subject".`,
    );
  }
  const named = meta.subject ? subjectIn(question, meta.subject) : undefined;
  const found = named ?? lastNounPhrase(question);
  if (found) return { row: model.promptRow(query, found.end), words: found.text };
  throw new KeyPositionError(
    `${editor}: the question of case "${id}" ("${question}") has no noun phrase to take as its subject. Take position "last-prompt-token".`,
  );
}

function subjectIn(question: string, subject: string): { text: string; end: number } | undefined {
  const at = question.toLowerCase().lastIndexOf(subject.toLowerCase());
  return at < 0 ? undefined : { text: subject, end: at + subject.length };
}
