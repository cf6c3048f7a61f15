import type { EditCase, ImageRef } from "../../datasets/case.ts";
import { UserFacingError } from "../errors.ts";
import type { Evaluation } from "../evaluation/result.ts";
import { diffImage, type DiffImageOptions } from "./diff-image.ts";
import { editDiffBundle } from "./edit-diff-bundle.ts";
import type { DiffImage, EditDiffPayload } from "./edit-diff.ts";
import { type Displayable, MIME_BUNDLE } from "./mime.ts";

/** Cause: the case is not part of the evaluation. Handled by: the caller, who passes one that is. */
export class NoSuchCaseError extends UserFacingError {}

/** Sizes of the edited image, and of the probes' other images, in pixels. */
const SIZE = { edited: { maxEdge: 512, enlargeTo: 320 }, other: { maxEdge: 320, enlargeTo: 320 } };

/**
 * One edit before and after, with its image and every probe. Show it with `display(...)` or as a cell's last value.
 *
 * Throws: NoSuchCaseError at once; ImageUnreadableError when shown.
 */
export function editDiff(evaluation: Evaluation, edited: EditCase): Displayable {
  const result = evaluation.cases.find((candidate) => candidate.id === edited.id);
  if (!result)
    throw new NoSuchCaseError(
      `edit diff: case "${edited.id}" is not in this evaluation of ${evaluation.editor}. It holds: ${evaluation.cases.map((c) => c.id).join(", ")}.`,
    );
  return {
    async [MIME_BUNDLE]() {
      const payload: EditDiffPayload = {
        version: 1,
        case: result.id,
        editor: evaluation.editor,
        model: evaluation.model,
        benchmark: evaluation.benchmark,
        question: result.question,
        answer: result.answer,
        target: result.target,
        notice: evaluation.notice,
        image: result.image,
        images: await imagesOf(edited),
        probes: result.probes,
      };
      return editDiffBundle(payload);
    },
  };
}

async function imagesOf(edited: EditCase): Promise<Record<string, DiffImage>> {
  const images: Record<string, DiffImage> = {};
  const add = async (image: ImageRef | undefined, size: DiffImageOptions) => {
    if (image && !images[image.id]) images[image.id] = await diffImage(image.path, size);
  };
  await add(edited.image, SIZE.edited);
  for (const probe of edited.probes) await add(probe.image, SIZE.other);
  return images;
}
