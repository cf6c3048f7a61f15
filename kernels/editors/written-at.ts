import type { Intervention } from "../models/edit.ts";
import type { SiteId } from "../models/edit.ts";
import type { Tensor } from "../tensor.ts";
import { addUpdates, type WeightUpdate } from "./closed-forms/weight-update.ts";

type Floats = Tensor<Float32Array>;

/** What interventions together add to each weight. Those that write no weight are left out. */
export function writtenAt(interventions: readonly Intervention[]): Map<SiteId, WeightUpdate> {
  const sums = new Map<SiteId, WeightUpdate>();
  for (const step of interventions) {
    if (step.kind !== "dense" && step.kind !== "low-rank") continue;
    const update: WeightUpdate =
      step.kind === "dense"
        ? { kind: "dense", delta: step.delta as Floats }
        : { kind: "low-rank", a: step.a as Floats, b: step.b as Floats };
    const before = sums.get(step.site);
    sums.set(step.site, before ? addUpdates(before, update) : update);
  }
  return sums;
}
