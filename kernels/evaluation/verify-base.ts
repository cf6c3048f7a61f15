import type { EditCase } from "../../datasets/case.ts";
import type { AnswerScore, Model } from "../models/model.ts";
import { scoredText } from "./observe-probe.ts";

/** Cause: the base model scores differently after edits than before, so undo did not undo. Always a defect of medke or of an editor. */
export class BaseModelChangedError extends Error {
  override name = "BaseModelChangedError";
}

/**
 * Records how the base model scores one case's probes, and returns a check that it still scores them so, bit for bit.
 *
 * The check throws BaseModelChangedError: every number of the run would be in doubt.
 */
export async function watchBase(model: Model, example: EditCase, signal?: AbortSignal): Promise<() => Promise<void>> {
  const scores = async (): Promise<AnswerScore[]> => {
    const all: AnswerScore[] = [];
    for (const probe of example.probes)
      all.push(await model.score({ image: probe.image, question: probe.question }, scoredText(probe), { signal }));
    return all;
  };
  const before = await scores();
  return async () => {
    const after = await scores();
    before.forEach((score, i) => {
      if (!identical(score, after[i]))
        throw new BaseModelChangedError(
          `internal: model "${model.id}" scores "${example.probes[i].question}" differently after the edits than before them. ` +
            `Its numbers cannot be trusted; please report this with the editor's name.`,
        );
    });
  };
}

const identical = (a: AnswerScore, b: AnswerScore) =>
  same(a.ids, b.ids) && same(a.argmax, b.argmax) && same(a.logprobs, b.logprobs);

/** Object.is tells 0 from -0 and finds NaN equal to itself. */
const same = (a: number[], b: number[]) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
