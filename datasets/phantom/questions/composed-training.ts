import { random } from "../../../kernels/random.ts";
import { ENTITIES } from "../knowledge/entities.ts";

/** Seed of the heads about which composed questions are asked in training. */
export const COMPOSED_SEED = 4000;

const TRAINED: ReadonlySet<string> = new Set(
  Object.values(ENTITIES).flatMap((names) => {
    const shuffled = random(COMPOSED_SEED).shuffle(names);
    return shuffled.slice(0, Math.round(0.7 * names.length));
  }),
);

/**
 * Whether composed questions about a head belong to training: 70 of 100 entities of each type. The others' facts are learnt one by one
 * only, so a right answer to a composed question about them was put together by the model.
 */
export const isComposedTrained = (head: string): boolean => TRAINED.has(head);
