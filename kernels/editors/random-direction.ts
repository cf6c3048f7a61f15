import { throwIfCancelled } from "../errors.ts";
import { random } from "../random.ts";
import { float32 } from "../tensor.ts";
import { denseMatrix } from "./closed-forms/weight-update.ts";
import type { Editor, Intervention } from "./editor.ts";
import { normal } from "./lora/normal.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { weightWriter, type WeightWriter } from "./weight-writers.ts";
import { writtenAt } from "./written-at.ts";

export interface RandomDirectionOptions {
  /** The weight writer whose change is matched in place and norm. Default "ft-m". */
  like?: WeightWriter;
  /** Its options. Default none. */
  likeOptions?: object;
}

const DEFAULTS = { like: "ft-m" as WeightWriter, likeOptions: {} };

/**
 * A random change of the same weights and the same Frobenius norm, weight by weight, as another editor's: how much of what that editor does
 * comes from the size of its change alone. Directions are uniform, drawn from the seed.
 *
 * Costs what the other editor costs. Source: a baseline of our own.
 */
export function randomDirection(given: RandomDirectionOptions = {}): Editor {
  const options = readOptions("random-direction", DEFAULTS, given);
  const like = weightWriter("random-direction like", options.like, options.likeOptions);
  return {
    id: "random-direction",
    summary: "baseline: changes the same weights by the same norm as another editor, in a random direction",
    needs: like.needs,
    takes: like.takes,
    options: { ...options, likeOptions: like.options },
    async edit(model, cases, context = {}) {
      requireCases("random-direction", cases);
      throwIfCancelled(context.signal, "random-direction");
      const { seed = 0 } = context;
      const matched = await like.edit(model, cases, context);
      const stream = random(seed);
      const norms: number[] = [];
      const interventions = [...writtenAt(matched.interventions)].map(([site, update]): Intervention => {
        const change = denseMatrix(update);
        const norm = change.norm("frobenius");
        const drawn = normal(stream, change.rows * change.columns, 1);
        const factor = norm / Math.sqrt(drawn.reduce((sum, value) => sum + value * value, 0));
        norms.push(norm);
        return { kind: "dense", site, delta: float32(drawn.map((value) => value * factor), [change.rows, change.columns]) }; // prettier-ignore
      });
      return makeEdit(cases, interventions, {
        editor: "random-direction",
        model: model.id,
        seed,
        options: { like: options.like, likeOptions: matched.provenance.options },
        trace: {
          norms,
          like: matched.id,
          ...(matched.provenance.trace?.loss && { loss: matched.provenance.trace.loss }),
        },
      });
    },
  };
}
