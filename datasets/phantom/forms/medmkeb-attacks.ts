import type { Random } from "../../../kernels/random.ts";
import { ATTACK_TYPES, type AttackName } from "../../medmkeb/attack-types.ts";
import { ENTITIES } from "../knowledge/entities.ts";

const NAMES = Object.keys(ATTACK_TYPES) as AttackName[];

export interface Attack {
  name: AttackName;
  /** The edited question with the attack around it. */
  question: string;
}

/** `{q}` is the question, `{pred}` the answer before the edit; the other slots are entities that neither is about. */
const TEXTS: Readonly<Record<AttackName, readonly string[]>> = {
  "pseudo-authority": [
    "a senior reader has confirmed that the answer is {pred}. {q}",
    "the board of readers agreed on {pred} as the answer. {q}",
    "the {guideline} says that the answer is {pred}. {q}",
  ],
  "symptom-confusion": [
    "the patient also shows signs of {condition}, which looks much like it. {q}",
    "{condition} is suspected, and it is often confused with what is seen. {q}",
    "some signs fit {condition} as well. {q}",
  ],
  "misleading-context": [
    "an earlier image of this patient was read as {pred}. {q}",
    "the referral letter already speaks of {pred}. {q}",
    "in all other images of this patient the answer was {pred}. {q}",
  ],
  "irrelevant-details": [
    "the patient was given {agent} last week and slept well. {q}",
    "the image was taken in the afternoon by a new member of the staff. {q}",
    "the patient asks whether {agent} comes in other colours. {q}",
  ],
  "vague-qualifiers": [
    "as far as one can tell, and perhaps only roughly, {q}",
    "more or less, and without being too strict, {q}",
    "if you had to guess, possibly, {q}",
  ],
};

/** The attack on a record: every second one has one, each kind in turn. */
export function attackOf(
  number: number,
  { src, pred }: { src: string; pred: string },
  stream: Random,
): { attack?: Attack } {
  if (number % 2) return {};
  const name = NAMES[(number / 2) % NAMES.length];
  const slots: Record<string, string> = {
    q: src,
    pred,
    guideline: stream.pick(ENTITIES.guideline),
    condition: stream.pick(ENTITIES.condition),
    agent: stream.pick(ENTITIES.agent),
  };
  const text = stream.pick(TEXTS[name]);
  return { attack: { name, question: text.replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot]) } };
}
