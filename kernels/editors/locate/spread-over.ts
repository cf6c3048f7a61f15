import type { EditCase } from "../../../datasets/case.ts";
import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import type { Tap } from "../../models/taps.ts";
import type { Tensor } from "../../tensor.ts";
import { spreadResiduals } from "../closed-forms/spread-residuals.ts";
import type { LowRankUpdate } from "../closed-forms/weight-update.ts";
import type { Intervention } from "../editor.ts";
import { atKey, meanKey, rowOf, stacked } from "./at-key.ts";
import type { LocateCall } from "./locate-options.ts";

/** What the layers together shall reach. */
export interface Targets {
  /** Where the values were optimised. */
  site: SiteId;
  /** Per fact, the vector there before, [out]. */
  starts: Float32Array[];
  /** Per fact, what shall be added to it, [out]. */
  deltas: Float32Array[];
}

interface Layers {
  sites: readonly SiteId[];
  targets: Targets;
  spread?: "linear" | "sqrt";
}

interface Writer {
  /** The edited view with some changes more. */
  with(steps: Intervention[]): EditableModel;
  write(layer: { site: SiteId; keys: Tensor<Float32Array>; residuals: Tensor<Float32Array> }): Promise<LowRankUpdate>;
}

/**
 * Writes layer by layer, lowest first: each gets its share of what is still missing at the targets, measured with the layers below already
 * written, at keys that are read again.
 *
 * Throws: CancelledError, ClosedFormError, KeyPositionError.
 * Source: MEMIT (arXiv 2210.07229), algorithm 1.
 */
export async function spreadOver(
  call: LocateCall,
  model: EditableModel,
  cases: readonly EditCase[],
  { sites, targets, spread }: Layers,
  writer: Writer,
): Promise<Intervention[]> {
  const steps: Intervention[] = [];
  const wanted = stacked(targets.starts.map((start, i) => start.map((value, j) => value + targets.deltas[i][j])));
  for (const [l, site] of sites.entries()) {
    throwIfCancelled(call.context.signal, `${call.editor}: layer ${l + 1} of ${sites.length}`);
    const view = l === 0 ? model : writer.with([...steps]);
    const taps: Tap[] = [{ site, of: "input" }, { site: targets.site, of: "output" }]; // prettier-ignore
    const [keys, now]: Float32Array[][] = [[], []];
    for (const fact of cases) {
      const read = await keysOf(call, view, fact, taps);
      keys.push(read.keys[0]);
      now.push(read.plain[1]);
    }
    const residuals = spreadResiduals({ targets: wanted, current: stacked(now), layersLeft: sites.length - l, spread });
    const { a, b } = await writer.write({ site, keys: stacked(keys), residuals });
    steps.push({ kind: "low-rank", site, a, b });
  }
  return steps;
}

/** Vectors at a case's key: `keys` are means over the contexts, `plain` those of the plain prompt. One a tap. */
export async function keysOf(call: LocateCall, view: EditableModel, fact: EditCase, taps: readonly Tap[]) {
  const { values } = await atKey(call, view, fact, taps);
  return { keys: values.map(meanKey), plain: values.map((each) => rowOf(each, 0)) };
}
