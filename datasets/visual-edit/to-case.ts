import type { EditCase, ImageRef, Probe } from "../case.ts";
import { hardNegativeProbe } from "../hard-negative.ts";
import type { VisualEdit } from "./visual-edit.ts";

/** Opens a reference of one of the record's fields. */
export type Picture = (field: string, reference: string) => Promise<ImageRef>;

/**
 * A visual edit with its probes in the order of the paper: the edit itself, its paraphrase, another image of the same class, then what
 * must stay as it was, portability, robustness, and hard negatives at the end.
 *
 * Source: MedMKEB (arXiv 2508.05083), VLKEB (arXiv 2403.07350) and MMEdit (Cheng et al. 2023), whose records share their fields.
 */
export async function toCase(
  edit: VisualEdit,
  about: { benchmark: string; split: string; index: number; corrects?: true },
  picture: Picture,
): Promise<EditCase> {
  const { src, alt, rephrase, imageRephrase, textLocality, imageLocality } = edit;
  const image = await picture("image", edit.image);
  const wanted = (kind: Probe["kind"], question: string, shown: ImageRef): Probe => ({
    kind,
    image: shown,
    question,
    expect: { answer: alt },
  });
  const probes: Probe[] = [wanted("reliability", src, image)];
  if (rephrase !== undefined) probes.push(wanted("text-generality", rephrase, image));
  if (imageRephrase !== undefined)
    probes.push(wanted("image-generality", src, await picture("image_rephrase", imageRephrase)));
  if (textLocality)
    probes.push({
      kind: "text-locality",
      question: textLocality.question,
      expect: { unchanged: true, context: textLocality.answer },
    });
  if (imageLocality)
    probes.push({
      kind: "image-locality",
      name: "other-question",
      image: await picture("m_loc", imageLocality.image),
      question: imageLocality.question,
      expect: { unchanged: true, context: imageLocality.answer },
    });
  for (const probe of edit.more) probes.push({ ...probe, image });
  for (const negative of edit.negatives)
    probes.push(hardNegativeProbe(negative.name, await picture("hard_negatives", negative.image), negative));
  return {
    id: `${about.benchmark}-${about.split}-${edit.id ?? about.index}`,
    benchmark: about.benchmark,
    split: about.split,
    task: "edit-vision",
    image,
    question: src,
    ...(edit.pred !== undefined && { answer: edit.pred }),
    target: alt,
    ...(about.corrects && { counterfactual: false }),
    probes,
    meta: edit.meta,
  };
}
