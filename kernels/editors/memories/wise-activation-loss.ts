import type { Activation } from "./activation.ts";
import { type OutputPair, positionDistances } from "./wise-distance.ts";

/** One prompt's outputs, and the positions that count. */
export interface ActivationRow extends OutputPair {
  /** [positions], 1 where a position counts; default all. */
  mask?: ArrayLike<number>;
}

export interface WiseMargins {
  /** A prompt that the edit is not meant for shall stay below this distance. Default 5. */
  alpha?: number;
  /** An edited prompt shall exceed this one. Default 20. */
  beta?: number;
  /** And exceed every such prompt by this much. Default 10. */
  gamma?: number;
}

export interface WiseActivationLoss {
  loss: number;
  /** Distance of every edited prompt, [edits], and of every other one, [locality]: masked means over positions. */
  edits: number[];
  locality: number[];
  /** d loss / d changed of every row, each [positions * width]. */
  editGradients: Float32Array[];
  localityGradients: Float32Array[];
}

/**
 * Margin loss that makes a WISE side memory act on edited prompts and rest on others:
 * relu(D_loc - alpha) + relu(beta - D_edit) + relu(gamma - (D_edit - D_loc)), each averaged over its positive entries alone, the last over
 * all pairs. D is the mean over counted positions of |act(changed) - act(original)|.
 *
 * The gradient is with respect to the layer's changed outputs before the activation; where a position has not moved it is zero, as in
 * PyTorch. Prompts with a de-activation mask give one row to `edits` and one, with that mask, to `locality`.
 * Source: WISE (Wang et al., NeurIPS 2024), section 2.3.1; averages as in EasyEdit's WISE, defaults from its configurations.
 */
export function wiseActivationLoss(
  edits: readonly ActivationRow[],
  locality: readonly ActivationRow[],
  activation: Activation,
  { alpha = 5, beta = 20, gamma = 10 }: WiseMargins = {},
): WiseActivationLoss {
  const inside = edits.map((row) => masked(row, activation));
  const outside = locality.map((row) => masked(row, activation));
  const [near, far] = [inside.map((row) => row.distance), outside.map((row) => row.distance)];
  // d loss / d distance: +1 or -1 from every hinge that is open, shared among the open ones of its kind.
  const [byEdit, byLocality] = [near.map(() => 0), far.map(() => 0)];
  const rest = hinge(far.map((d, j) => ({ excess: d - alpha, up: j })));
  const act = hinge(near.map((d, i) => ({ excess: beta - d, down: i })));
  const gap = hinge(far.flatMap((out, j) => near.map((d, i) => ({ excess: out - d + gamma, up: j, down: i }))));
  for (const { open, share } of [rest, act, gap])
    for (const { up, down } of open) {
      if (up !== undefined) byLocality[up] += share;
      if (down !== undefined) byEdit[down] -= share;
    }
  return {
    loss: rest.mean + act.mean + gap.mean,
    edits: near,
    locality: far,
    editGradients: inside.map((row, i) => row.gradient(byEdit[i])),
    localityGradients: outside.map((row, j) => row.gradient(byLocality[j])),
  };
}

interface Margin {
  excess: number;
  /** Index of the locality distance that it grows with, of the edit distance that it shrinks with. */
  up?: number;
  down?: number;
}

function hinge(margins: Margin[]): { mean: number; share: number; open: Margin[] } {
  const open = margins.filter(({ excess }) => excess > 0);
  const share = open.length > 0 ? 1 / open.length : 0;
  return { mean: share * open.reduce((sum, { excess }) => sum + excess, 0), share, open };
}

/** A row's distance, and the gradient of `scale` times it. */
function masked(row: ActivationRow, activation: Activation) {
  const { original, changed, width, mask } = row;
  const distances = positionDistances(row, activation);
  const weights = distances.map((_, position) => mask?.[position] ?? 1);
  const counted = weights.reduce((sum, weight) => sum + weight, 0);
  if (counted === 0) throw new Error("internal: a mask of WISE's activation loss counts no position");
  const distance = distances.reduce((sum, d, position) => sum + d * weights[position], 0) / counted;
  const gradient = (scale: number) =>
    changed.map((x, i) => {
      const position = Math.floor(i / width);
      if (distances[position] === 0) return 0;
      const unit = (activation.value(x) - activation.value(original[i])) / distances[position];
      return ((scale * weights[position]) / counted) * unit * activation.slope(x);
    });
  return { distance, gradient };
}
