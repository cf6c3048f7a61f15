import type { Random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import type { HardNegativeName } from "../../hard-negative.ts";
import type { Ask } from "../questions/ask.ts";
import { editFamily, type EditFamilyName, type Fact } from "./medmkeb-families.ts";
import { type Picture, type Pictures, seenAsks, unrelatedAsks } from "./medmkeb-pictures.ts";

/** A question close to an edit that an editor which fires on too much answers wrongly. */
export interface HardNegative {
  name: HardNegativeName;
  image: Picture;
  question: string;
  /** The answer that is right after the edit. */
  answer: string;
  /** Whether the edit must leave it as it was. Otherwise the answer follows from the target and was another one before. */
  unchanged: boolean;
}

interface Edit {
  family: EditFamilyName;
  fact: Fact;
  image: Picture;
  imageRephrase: Picture;
  src: string;
  alt: string;
  pictures: Pictures;
  stream: Random;
  word(ask: Ask): string;
}

/** Every kind that the edit and its pictures allow. */
export const hardNegatives = (edit: Edit): HardNegative[] => [
  ...sameQuestion(edit),
  ...another("same-image", edit.image, edit),
  ...another("other-attribute", edit.imageRephrase, edit),
  ...negated(edit),
];

/** A third answer in the same modality where the question has more than two; otherwise the old answer in another modality. */
function sameQuestion({ family, fact, src, alt, pictures, stream }: Edit): HardNegative[] {
  const { answers, modalities } = editFamily(family);
  const thirds = answers(fact.modality).filter((answer) => answer !== fact.answer && answer !== alt);
  const other: Fact = thirds.length
    ? { ...fact, answer: stream.pick(thirds) }
    : { ...fact, modality: stream.pick(modalities.filter((modality) => modality !== fact.modality)) };
  if (family === "modality") other.modality = other.answer as Fact["modality"];
  const image = pictures.of(family, other, [fact.answer, alt]);
  return image ? [{ name: "same-question", image, question: src, answer: other.answer, unchanged: true }] : [];
}

function another(name: "same-image" | "other-attribute", image: Picture, edit: Edit): HardNegative[] {
  const { family, fact, alt, stream, word } = edit;
  const asks = unrelatedAsks(image.scene, family, fact, alt);
  const close = asks.filter(({ about }) => about.some((entity) => fact.about.includes(entity)));
  const groups = groupBy(name === "other-attribute" && close.length ? close : asks, (ask) => ask.family);
  if (groups.size === 0) return [];
  const ask = stream.pick(stream.pick([...groups.values()]));
  return [{ name, image, question: word(ask), answer: ask.answer, unchanged: true }];
}

/**
 * After an edit of which finding is seen, the target is there, so that "is there no …" becomes "no". An edit of an attribute leaves the
 * finding where it is.
 */
function negated({ family, fact, image, alt, word }: Edit): HardNegative[] {
  const kinds = editFamily(family).kinds === true;
  const finding = kinds ? alt : fact.about[0];
  const ask = seenAsks(image.scene).find((ask) => ask.family === "finding-absent" && ask.about[0] === finding);
  return ask ? [{ name: "negated", image, question: word(ask), answer: "no", unchanged: !kinds }] : [];
}
