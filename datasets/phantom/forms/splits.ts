import { UserFacingError } from "../../../kernels/errors.ts";
import { type Split, SPLITS } from "../knowledge/splits.ts";

export const FORM_NAMES = ["medmkeb", "medversa", "fgvedit", "mediconfusion"] as const;
export type FormName = (typeof FORM_NAMES)[number];
/** Everything that draws scenes of its own, in an order that must stay: the place of a name decides its scenes. */
export const SCENE_USERS = ["medmkeb", "medversa", "fgvedit", "mediconfusion", "vqa"] as const;

// A scene seed has 32 bits. Of these the upper 12 are the export's seed, 4 the form and the split, and the lower 16 the index: no two
// (export seed, form, split, index) share one. Training draws its scenes in long blocks of indices that start at mixed seeds.
const INDEX_BITS = 16;
const PURPOSE_BITS = 4;
export const MAX_SEED = 2 ** (32 - INDEX_BITS - PURPOSE_BITS) - 1;
export const MAX_INDEX = 2 ** INDEX_BITS - 1;

/**
 * Upper ten bits of the scene seeds that the committed model's training and exam draw from (training seed 1): each block is the scenes of
 * four export seeds. The test derives them from the training's own streams.
 */
const TRAINED_BLOCKS = [241, 390, 483, 632];

/** Cause: a seed of an export that is not a whole number from 0 to MAX_SEED, or that repeats training. Handled by: the user, who takes another. */
export class ExportSeedError extends UserFacingError {}

/** Whether the embedded model was trained or examined on scenes of this export seed. */
export const isTrainedSeed = (seed: number): boolean => TRAINED_BLOCKS.includes(seed >> 2);

/**
 * The seed of scene or record number `index` of one split of one form. Forms, splits and export seeds share none; within a split, what
 * needs several scenes or streams takes several indices.
 *
 * Throws: ExportSeedError.
 */
export function exportSeed(form: (typeof SCENE_USERS)[number], split: Split, seed: number, index: number): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED)
    throw new ExportSeedError(
      `phantom ${form}: seed ${seed} is not a whole number from 0 to ${MAX_SEED}. Pass one of these, such as 0.`,
    );
  if (isTrainedSeed(seed))
    throw new ExportSeedError(
      `phantom ${form}: seed ${seed} draws scenes that the embedded model was trained or examined on. Take another, such as 0.`,
    );
  if (!Number.isInteger(index) || index < 0 || index > MAX_INDEX)
    throw new Error(`internal: index ${index} of phantom ${form} is not within 0 to ${MAX_INDEX}`);
  const purpose = SCENE_USERS.indexOf(form) * SPLITS.length + SPLITS.indexOf(split);
  return ((seed << (INDEX_BITS + PURPOSE_BITS)) | (purpose << INDEX_BITS) | index) >>> 0;
}
