import type { EditCase } from "../../../datasets/case.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { EditObjective, Evaluated } from "../../models/edit-objective.ts";
import type { SiteId } from "../../models/edit.ts";
import type { Example } from "../../models/example-batch.ts";
import { shiftParameter } from "../../models/trainables.ts";
import { float32 } from "../../tensor.ts";
import { type ObjectiveResult, optimiseValue } from "../closed-forms/optimise-value.ts";
import { keyRow } from "../key-position.ts";
import { atKey, inContext, rowOf } from "./at-key.ts";
import { essenceOf } from "./essence.ts";
import type { LocateCall } from "./locate-options.ts";

/** The value that makes the model give a case's target. */
export interface FactValue {
  /** Per site, the vector there before, [out]. */
  start: Float32Array[];
  /** Per site, what is added to it, [out]. */
  deltas: Float32Array[];
  /** Whole loss of every pass, nats. */
  losses: number[];
  row: number;
  words?: string;
}

/** What a method's own rules see of a pass. */
export interface Pass {
  /** Mean negative log-likelihood of the target, nats. */
  nll: number;
  /** Divergence of the essence prompt times its factor; undefined without one. */
  essence?: number;
  /** Whether every token of the target has a probability of at least one half, and so is the most likely. */
  likely: boolean;
}

export interface FactRules {
  /** Factor of the likelihood from the pass on at which the target is likely. Default 1. */
  likelyFactor?: number;
  /** Ends the optimisation. Default: only `stopBelow` does. */
  stop?: (pass: Pass) => boolean;
}

/**
 * Finds what must be added at one row of some sites so that the model gives the target, in the plain prompt and in every context alike.
 *
 * The loss is the mean over contexts of the mean negative log-likelihood of the target's tokens, the essence prompt's divergence, and the
 * penalty and bound of `optimiseValue`. Everything below the first site is computed once. `onPass` gets every whole loss.
 * Throws: CancelledError, KeyPositionError, ClosedFormError, what the objective throws.
 */
export async function factValue(
  call: LocateCall,
  model: EditableModel,
  fact: EditCase,
  sites: readonly SiteId[],
  { likelyFactor = 1, stop }: FactRules = {},
  onPass?: (loss: number) => void,
): Promise<FactValue> {
  const { options, contexts, context, editor } = call;
  const { signal } = context;
  const taps = sites.map((site) => ({ site, of: "output" as const }));
  const { values, row, words } = await atKey({ ...call, contexts: [] }, model, fact, taps);
  const start = values.map((each) => rowOf(each, 0));
  if (options.steps === 0)
    return { start, deltas: start.map(({ length }) => new Float32Array(length)), losses: [], row, words };
  const asked: Example[] = [];
  for (const text of ["", ...contexts]) {
    const { image, question, ...rest } = inContext(fact, text);
    const at = await keyRow(editor, model, { ...rest, image, question }, options.position);
    const shifts = Object.fromEntries(sites.map((site) => [site, at.row]));
    asked.push({ query: { image, question }, answer: fact.target, labels: options.labels, shifts });
  }
  const essence = await essenceOf(call, model, fact, sites);
  const trainables = sites.map((site) => ({ kind: "shift" as const, site }));
  const objectives = new Map<number, EditObjective>();
  const objective = async (factor: number) => {
    const examples = [
      ...asked.map((each) => ({ ...each, weight: factor / asked.length })),
      ...(essence ? [essence.example] : []),
    ];
    const made = objectives.get(factor) ?? (await model.objective({ trainables, examples, signal }));
    objectives.set(factor, made);
    return made;
  };
  const factors = (delta: Float32Array) => {
    let from = 0;
    return sites.map((site, i) => {
      const part = delta.slice(from, (from += start[i].length));
      return [shiftParameter(site), float32(part, [part.length])] as const;
    });
  };
  let factor = 1;
  const read = (evaluated: Evaluated): Pass => {
    const said = evaluated.logprobs.slice(0, asked.length);
    const nll = mean(said.map((tokens) => -mean(tokens)));
    const kept = essence && evaluated.loss - factor * nll - essence.floor;
    return { nll, essence: kept, likely: said.every((tokens) => tokens.every((p) => p >= Math.log(0.5))) };
  };
  try {
    const { deltas, losses } = await optimise(async (delta) => {
      const given = Object.fromEntries(factors(delta));
      let evaluated = await (await objective(factor)).evaluate(given, signal);
      let pass = read(evaluated);
      if (pass.likely && factor !== likelyFactor) {
        factor = likelyFactor;
        evaluated = await (await objective(factor)).evaluate(given, signal);
        pass = read(evaluated);
      }
      const gradient = joined(sites.map((site) => evaluated.gradients[shiftParameter(site)].data));
      return { loss: evaluated.loss - (essence?.floor ?? 0), gradient, stop: stop?.(pass) };
    });
    return { start, deltas, losses, row, words };
  } finally {
    for (const made of objectives.values()) await made.release();
  }

  async function optimise(ask: (delta: Float32Array) => Promise<ObjectiveResult>) {
    const { lr, steps: passes, weightDecay, clampFactor, stopBelow } = options;
    const report = ({ total }: { total: number }) => onPass?.(total);
    const loop = { lr, passes, weightDecay, clampFactor, stopBelow, signal, onPass: report };
    const { delta, passes: done } = await optimiseValue(start, ask, loop);
    return { deltas: factors(delta).map(([, { data }]) => data), losses: done.map(({ total }) => total) };
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
