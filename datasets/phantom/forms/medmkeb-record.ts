import { type Random, random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import { factsOf, type Split } from "../knowledge/splits.ts";
import type { Ask } from "../questions/ask.ts";
import { textQuestion } from "../questions/text-questions.ts";
import { MODALITIES } from "../world/vocabulary.ts";
import { type Attack, attackOf } from "./medmkeb-attacks.ts";
import { alternatives, EDIT_FAMILY_NAMES, editFamily, type EditFamilyName, type Fact } from "./medmkeb-families.ts";
import { type HardNegative, hardNegatives } from "./medmkeb-hard-negatives.ts";
import { askOf, type Picture, Pictures, seenAsks, SLOTS } from "./medmkeb-pictures.ts";
import { headsOf, type PortabilityQuestion, portability } from "./medmkeb-portability.ts";
import { exportSeed } from "./splits.ts";
import { wordFor } from "./wordings.ts";

/** A question and the answer that the unedited world gives. */
export interface Asked {
  question: string;
  answer: string;
}

/** One edit with everything that tests it; pictures are scenes still. */
export interface MedmkebRecord {
  id: string;
  split: Split;
  family: EditFamilyName;
  fact: Fact;
  image: Picture;
  /** The same fact on another picture. */
  imageRephrase: Picture;
  src: string;
  rephrase: string;
  pred: string;
  alt: string;
  /** A fact of the knowledge base that has nothing to do with the edit. */
  textLocality: Asked;
  /** Another picture of another modality, and another question. */
  imageLocality: Asked & { image: Picture };
  portability: PortabilityQuestion[];
  attack?: Attack;
  hardNegatives: HardNegative[];
}

/** Every picture of a record, each once. */
export const picturesOf = ({ image, imageRephrase, imageLocality, hardNegatives }: MedmkebRecord): Picture[] => [
  ...new Set([image, imageRephrase, imageLocality.image, ...hardNegatives.map((negative) => negative.image)]),
];

/**
 * Makes record number `number` of a split: a pure function of its arguments.
 *
 * Throws: ExportSeedError.
 */
export function medmkebRecord(split: Split, seed: number, number: number): MedmkebRecord {
  const stream = random(exportSeed("medmkeb", split, seed, number * SLOTS + SLOTS - 1));
  const pictures = new Pictures(split, seed, number);
  const family = EDIT_FAMILY_NAMES[number % EDIT_FAMILY_NAMES.length];
  const { fact, image, imageRephrase, alt } = drawEdit(family, split, stream, pictures);
  const { about, answer: pred } = fact;
  const word = ({ family, word }: Ask, role: "asked" | "reworded" = "asked", not?: string) =>
    wordFor({ split, role, family, not }, word, stream);

  const ask = askOf(image.scene, family, about);
  const src = word(ask);
  const named = new Set([pred, alt, ...about]);
  return {
    id: `${split}-${String(number).padStart(5, "0")}`,
    split,
    family,
    fact,
    image,
    imageRephrase,
    src,
    rephrase: word(ask, "reworded", src),
    pred,
    alt,
    textLocality: drawTextLocality(split, stream, named),
    imageLocality: drawImageLocality(family, fact, stream, pictures, named, word),
    portability: portability(family, fact, alt, split, stream),
    ...(split === "test" && attackOf(number, { src, pred }, stream)),
    hardNegatives: hardNegatives({ family, fact, image, imageRephrase, src, alt, pictures, stream, word }),
  };
}

function drawEdit(family: EditFamilyName, split: Split, stream: Random, pictures: Pictures) {
  const { modalities, about, answers } = editFamily(family);
  // Not every drawn fact finds a place in a few tries.
  for (;;) {
    const modality = stream.pick(modalities);
    const fact = {
      modality,
      about: about(stream, modality),
      answer: family === "modality" ? modality : stream.pick(answers(modality)),
    };
    const image = pictures.of(family, fact, [], 3);
    if (!image) continue;
    const others = alternatives(family, fact, image.scene);
    // Half of the targets are those about which the split may ask what follows; the others keep the targets mixed.
    const heads = others.filter((other) => headsOf(split).includes(other));
    const alt = stream.pick(heads.length && stream.chance(0.5) ? heads : others);
    const imageRephrase = pictures.of(family, fact, [alt], 4);
    if (imageRephrase) return { fact, image, imageRephrase, alt };
  }
}

function drawTextLocality(split: Split, stream: Random, named: ReadonlySet<string>): Asked {
  const facts = factsOf(split).filter(({ head, tail }) => !named.has(head) && !named.has(tail));
  const fact = stream.pick(facts);
  const ask = (templates: "train" | "probe") => textQuestion(fact, templates, stream);
  return { question: wordFor({ split, role: "asked", family: fact.relation }, ask, stream), answer: fact.tail };
}

function drawImageLocality(
  family: EditFamilyName,
  fact: Fact,
  stream: Random,
  pictures: Pictures,
  named: ReadonlySet<string>,
  word: (ask: Ask) => string,
): MedmkebRecord["imageLocality"] {
  const modality = stream.pick(MODALITIES.filter((other) => other !== fact.modality));
  const image = pictures.find({ modality }, () => true)!;
  const asks = seenAsks(image.scene).filter(
    (ask) => ask.family !== family && ![...ask.about, ask.answer].some((name) => named.has(name)),
  );
  // A family first: most questions that a scene allows are whether something is there.
  const ask = stream.pick(stream.pick([...groupBy(asks, ({ family }) => family).values()]));
  return { image, question: word(ask), answer: ask.answer };
}
