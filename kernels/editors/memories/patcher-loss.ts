/** The new neurons' pre-activations in one projection (gate, up), for one text: [positions * neurons]. */
export type PreActivations = Float32Array;

export interface PatcherLoss {
  loss: number;
  /** The two terms, weighted. */
  activation: number;
  memory: number;
  /** d loss / d pre-activation, in the shapes of the inputs. */
  editGradients: Float32Array[];
  localityGradients: Float32Array[];
}

export interface PatcherWeights {
  /** Weight of the term that opens the neurons on the edit. Default 1e-4. */
  activation?: number;
  /** Weight of the term that keeps them shut on other text. Default 1e-4. */
  memory?: number;
}

/**
 * What T-Patcher adds to the cross-entropy of an edit:
 * activation * sum over projections of mean exp(-a) + memory * sum over projections of mean exp(relu(a_loc)).
 * `a` are the new neurons' pre-activations on the edit, `a_loc` on unrelated text. A shut neuron costs exp(0) = 1 there, with no gradient.
 *
 * Source: Transformer-Patcher (Huang et al., ICLR 2023), in the form and with the weights of LiveEdit's baseline; the margins of the
 * original are not in that form.
 */
export function patcherLoss(
  edit: readonly PreActivations[],
  locality: readonly PreActivations[],
  { activation = 1e-4, memory = 1e-4 }: PatcherWeights = {},
): PatcherLoss {
  const opened = edit.map((a) => a.map((x) => Math.exp(-x)));
  const shut = locality.map((a) => a.map((x) => Math.exp(Math.max(x, 0))));
  const terms = { activation: activation * sumOfMeans(opened), memory: memory * sumOfMeans(shut) };
  return {
    loss: terms.activation + terms.memory,
    ...terms,
    editGradients: opened.map((exps) => exps.map((e) => (-activation * e) / exps.length)),
    localityGradients: shut.map((exps, k) => exps.map((e, i) => (locality[k][i] > 0 ? (memory * e) / exps.length : 0))),
  };
}

const sumOfMeans = (rows: readonly Float32Array[]) =>
  rows.reduce((total, row) => total + row.reduce((sum, value) => sum + value, 0) / row.length, 0);
