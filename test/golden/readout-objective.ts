import { logDistribution } from "../../kernels/models/logit-rows.ts";

/** The small model of the value-loop cases, see the note of each case. */
export interface ReadoutCase {
  /** [rows, positions, d]; the last row is the prompt of the divergence. */
  mlp_output: number[][][];
  /** [vocabulary, d]. */
  readout: number[][];
  attention_lengths: number[];
  lookup_positions: number[];
  target_ids: number[];
  kl_factor: number;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

/**
 * Loss and gradient of that model by hand: delta is added at each row's lookup position, the state at t is the mean of the outputs 0..t,
 * and logits = readout . state. So the state at t >= lookup moves by delta / (t + 1).
 */
export function readoutObjective(inputs: ReadoutCase) {
  const { mlp_output, readout, attention_lengths, lookup_positions, target_ids, kl_factor } = inputs;
  const size = mlp_output[0][0].length;
  const prompts = mlp_output.length - 1;
  const logProbabilities = (row: number, t: number, delta: ArrayLike<number>) => {
    const state = Array.from({ length: size }, (_, j) => {
      const moved = t >= lookup_positions[row] ? delta[j] : 0;
      return (mlp_output[row].slice(0, t + 1).reduce((sum, output) => sum + output[j], 0) + moved) / (t + 1);
    });
    return logDistribution(Float32Array.from(readout, (each) => dot(each, state)));
  };
  const last = lookup_positions[prompts];
  const before = logProbabilities(prompts, last, new Array(size).fill(0));
  return {
    start: Float32Array.from(mlp_output[0][lookup_positions[0]]),
    at(delta: Float32Array) {
      const gradient = new Float32Array(size);
      /** Takes a slope over the logits at one place back to delta. */
      const backward = (row: number, t: number, slopes: ArrayLike<number>) => {
        if (t < lookup_positions[row]) return;
        for (let v = 0; v < readout.length; v++)
          for (let j = 0; j < size; j++) gradient[j] += (slopes[v] / (t + 1)) * readout[v][j];
      };
      let nll = 0;
      for (let row = 0; row < prompts; row++)
        target_ids.forEach((id, i) => {
          const t = attention_lengths[row] - target_ids.length + i;
          const logs = logProbabilities(row, t, delta);
          const weight = 1 / (target_ids.length * prompts);
          nll -= weight * logs[id];
          backward(row, t, logs.map((log, v) => weight * (Math.exp(log) - (v === id ? 1 : 0)))); // prettier-ignore
        });
      // KL(after, before): the released code passes the distributions in this order.
      const after = logProbabilities(prompts, last, delta);
      const gaps = after.map((log, v) => log - before[v]);
      const divergence = dot(after.map(Math.exp), gaps);
      backward(prompts, last, after.map((log, v) => kl_factor * Math.exp(log) * (gaps[v] - divergence))); // prettier-ignore
      const kl = kl_factor * divergence;
      return { loss: nll + kl, gradient, nll, kl };
    },
  };
}
