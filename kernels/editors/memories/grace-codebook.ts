import { type LabelRow, sameAnswer, sameMean } from "./label-match.ts";
import { type Nearest, nearestBall } from "./nearest-ball.ts";
import type { Variant } from "./variant.ts";

/**
 * GRACE's memory of one layer: n keys, each with a value and a deferral radius. A value: every function here returns a new one.
 *
 * Shapes: keys [n][in], values [n][out], radii [n], labels [n], cases [n].
 * Source: Hartvigsen et al., "Aging with GRACE" (NeurIPS 2023), Algorithm 1; official behaviour from EasyEdit's GRACE adapter.
 */
export interface GraceCodebook {
  variant: Variant;
  /** Inputs of the layer at the key token of each entry. */
  keys: readonly Float32Array[];
  /** What replaces the layer's output where an entry fires. */
  values: readonly Float32Array[];
  /** Euclidean, in the space of the keys. */
  radii: readonly number[];
  /** Label rows. `corrected`: labels[i] belongs to keys[i]. `official`: newest first, so an entry is compared with another's label. */
  labels: readonly LabelRow[];
  /** Ids of the cases that an entry was inserted or expanded for, oldest first. */
  cases: readonly (readonly string[])[];
}

/** One edit on its way into the codebook: key [in], value [out]. */
export interface GraceEntry {
  key: Float32Array;
  value: Float32Array;
  label: LabelRow;
  caseId: string;
}

export interface GraceInsertOptions {
  /** Radius of a new entry, and how far beyond an entry's radius a key still counts as near it. Default 1; > 0. */
  radius?: number;
  /** What a near key of the same label does: widens the ball to hold it, or also moves the ball's centre half-way. Default "coverage". */
  expand?: "coverage" | "moving-average";
}

/** The codebook after an insertion, and which rule applied. `none`: the entry already covers the key. */
export interface GraceInsertion {
  codebook: GraceCodebook;
  action: "init" | "add" | "split" | "expand" | "none";
  /** Index of the entry that answers for the edit: the one whose value is to be trained. */
  entry: number;
}

export const emptyCodebook = (variant: Variant = "corrected"): GraceCodebook => {
  return { variant, keys: [], values: [], radii: [], labels: [], cases: [] };
};

/** The entry nearest to a query [in], and whether it fires. Undefined for an empty codebook. */
export const lookUp = ({ keys, radii, variant }: GraceCodebook, query: ArrayLike<number>): Nearest | undefined =>
  nearestBall(keys, radii, query, variant);

/**
 * Inserts an edit: a first or far key (distance > radius + the nearest entry's) becomes an entry; a near key of the same label expands the
 * nearest entry where it lies outside; a near key of another label becomes an entry, and the two share the distance as radii.
 *
 * Guarantees for `corrected`: labels[i] is of keys[i], no radius is negative, and looking up the inserted key fires an entry of its label.
 * Not guaranteed, because the method compares with the nearest entry alone: that balls of different labels never overlap. Where they do,
 * `lookUp` still asks the nearest entry only.
 */
export function insertKey(codebook: GraceCodebook, edit: GraceEntry, options: GraceInsertOptions = {}): GraceInsertion {
  const { radius = 1, expand = "coverage" } = options;
  const nearest = lookUp(codebook, edit.key);
  const added = () => withEntry(codebook, edit, radius);
  const last = codebook.keys.length;
  if (!nearest) return { codebook: added(), action: "init", entry: 0 };
  const { entry, distance } = nearest;
  if (distance > radius + nearest.radius) return { codebook: added(), action: "add", entry: last };
  const same = codebook.variant === "official" ? sameMean : sameAnswer;
  if (!same(edit.label, codebook.labels[entry])) {
    const wide = added();
    // The margin keeps the boundary point to one of the two; official radii of two equal keys fall below zero by it, and never fire.
    const rest = distance / 2 - 1e-5;
    const old = codebook.variant === "official" ? rest : Math.max(rest, 0);
    const radii = replaced(replaced(wide.radii, entry, old), last, distance / 2);
    return { codebook: { ...wide, radii }, action: "split", entry: last };
  }
  const cases = replaced(codebook.cases, entry, [...codebook.cases[entry], edit.caseId]);
  if (distance <= nearest.radius) return { codebook: { ...codebook, cases }, action: "none", entry };
  const radii = replaced(codebook.radii, entry, distance);
  const centre = codebook.keys[entry].map((x, i) => (x + edit.key[i]) / 2);
  const keys = expand === "coverage" ? codebook.keys : replaced(codebook.keys, entry, centre);
  return { codebook: { ...codebook, cases, keys, radii }, action: "expand", entry };
}

/** The codebook with another value [out] in an entry: what a training step gives. */
export const withValue = (codebook: GraceCodebook, entry: number, value: Float32Array): GraceCodebook => {
  return { ...codebook, values: replaced(codebook.values, entry, value) };
};

function withEntry(codebook: GraceCodebook, { key, value, label, caseId }: GraceEntry, radius: number): GraceCodebook {
  return {
    ...codebook,
    keys: [...codebook.keys, key],
    values: [...codebook.values, value],
    radii: [...codebook.radii, radius],
    labels: codebook.variant === "official" ? [label, ...codebook.labels] : [...codebook.labels, label],
    cases: [...codebook.cases, [caseId]],
  };
}

const replaced = <T>(list: readonly T[], at: number, value: T): T[] => list.map((old, i) => (i === at ? value : old));
