import { UserFacingError } from "../errors.ts";
import type { Edit } from "../models/edit.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Cause: an editor shall go on from an edit that does not carry what it needs for that, as edits of earlier versions of medke do not. Handled
 * by: the user, who makes that edit again.
 */
export class CarriedError extends UserFacingError {}

/** What an edit carries under a name, an array of one type. Throws: CarriedError where it does not, or carries another count of numbers. */
export function carriedArray<T extends Tensor>(edit: Edit, name: string, type: T["type"], count?: number): T["data"] {
  const found = edit.carried?.[name];
  if (found?.type === type && (count === undefined || found.data.length === count)) return found.data;
  throw cannotGoOn(edit, name);
}

export const cannotGoOn = ({ id, editor }: Edit, what: string): CarriedError =>
  new CarriedError(
    `${editor}: edit "${id}", which is in force, does not carry ${what}, so that it answers but no edit can follow it; another version of medke ` +
      `made it. Make it again with this one, or edit the model without it.`,
  );
