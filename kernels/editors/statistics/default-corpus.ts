import type { EditCase } from "../../../datasets/case.ts";
import { MOST_RECORDS, trainingQuestions } from "../../../datasets/phantom/training-questions.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { contentDigest } from "./content-digest.ts";
import { casesCorpus, type Corpus } from "./corpus.ts";

/** Records of the phantom world's training split that statistics are gathered over; each has two questions. */
const PHANTOM_RECORDS = 150;

/** The phantom model's own training questions, half of them about images. Throws as `trainingQuestions`, while it is read. */
export function phantomCorpus(records = PHANTOM_RECORDS, seed = 0): Corpus {
  const count = Math.min(records, MOST_RECORDS);
  return {
    name: `phantom training questions (${2 * count} texts, seed ${seed})`,
    digest: contentDigest(["phantom training questions 1", count, seed]),
    size: 2 * count,
    texts: () => trainingQuestions(count, seed),
  };
}

/**
 * What statistics describe unless the user says otherwise: the phantom model's training questions, for any other model what it knew of the
 * cases at hand. Undefined where there are none: editors then take the identity, and say so.
 */
export function defaultCorpus(model: EditableModel, cases: readonly EditCase[]): Corpus | undefined {
  if (model.id === "phantom") return phantomCorpus();
  const corpus = casesCorpus("questions of the cases before the edits", cases);
  return corpus.size ? corpus : undefined;
}
