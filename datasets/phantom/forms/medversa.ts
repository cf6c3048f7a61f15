import { throwIfCancelled } from "../../../kernels/errors.ts";
import { type Fact, RELATIONS, type Split, SPLITS } from "../knowledge/index.ts";
import { type FormOptions, jsonBytes, type PhantomForm } from "./form.ts";
import { CONFLICT_FREE_BATCH, type MedversaEdit, medversaEdits } from "./medversa-edits.ts";

/** One object of `medversa/{train,valid,test}.json`: the published fields, in the published order. */
export interface MedversaRecord {
  prompt: string;
  ground_truth: string;
  subject_name: string;
  topic_name: string;
  id: number;
  locality_prompt: string;
  locality_ground_truth: string;
  locality_subject_name: string;
  locality_topic_name: string;
  locality_id: number;
  rephrase_prompt: string;
  target_new: string;
}

const FILES: Readonly<Record<Split, string>> = { train: "train", validation: "valid", test: "test" };
const counts = { train: 1500, validation: 350, test: 350 };

/** Text edits of the knowledge base, in the files and fields of MedVersa. */
export const medversa: PhantomForm = {
  name: "medversa",
  summary: "text edits of invented facts for single and batch use, each with a paraphrase and a strict locality item",
  counts,
  card: [
    "`medversa/{train,valid,test}.json` hold text edits of the knowledge base. `ground_truth` is what the knowledge base says and " +
      "`target_new` another entity of the same type, never the right one. Every prompt is distinct; a fact is edited several times, " +
      "each time in another wording and with another target. `rephrase_prompt` is in a wording that the model is not trained on.",
    "The facts of one head are all in one split, and the wordings of the splits differ too. A sixth of the facts of each split is " +
      "never edited: locality items (plain questions, claims and negated claims) ask about those alone, so no locality item states " +
      "an edited fact of its split in any wording, and locality and efficacy never contradict each other, in batches either.",
    `Batches: any ${CONFLICT_FREE_BATCH} consecutive edits of a file edit different facts. Larger batches, and batches of a shuffled ` +
      "file, may hold two edits of one fact with different targets, of which one must fail; drop repeats of a fact there. Two edits " +
      "of one batch may lie on one path of facts: portability answers are meant for one edit at a time.",
    "`subject_name` is the type of the entity that a fact is about and `topic_name` the relation; neither is a medical discipline. " +
      "`id` and `locality_id` are distinct over all three files, and none is both.",
  ],
  async *files({ seed, counts: wanted, signal, onProgress }: FormOptions) {
    const total = SPLITS.length;
    for (const [i, split] of SPLITS.entries()) {
      throwIfCancelled(signal, `phantom medversa ${split}`);
      const edits = medversaEdits(split, seed).slice(0, wanted?.[split] ?? counts[split]);
      yield { path: `medversa/${FILES[split]}.json`, bytes: jsonBytes(edits.map((edit) => toRecord(edit, split))) };
      onProgress?.(i + 1, total);
    }
  },
};

/** Numbers below this are left for each split and use. */
const BLOCK = 10_000;

function toRecord({ fact, index, prompt, rephrase, target, locality }: MedversaEdit, split: Split): MedversaRecord {
  const place = SPLITS.indexOf(split);
  return {
    prompt: prompt.question,
    ground_truth: fact.tail,
    subject_name: subjectOf(fact),
    topic_name: topicOf(fact),
    id: BLOCK * place + index + 1,
    locality_prompt: locality.question,
    locality_ground_truth: locality.answer,
    locality_subject_name: subjectOf(locality.fact),
    locality_topic_name: topicOf(locality.fact),
    locality_id: BLOCK * (SPLITS.length + place) + index + 1,
    rephrase_prompt: rephrase.question,
    target_new: target,
  };
}

const subjectOf = ({ relation }: Fact) => RELATIONS[relation].head;
const topicOf = ({ relation }: Fact) => relation.replace("-", " ");
