import type { Edit, Intervention, SiteId } from "../../models/edit.ts";
import type { NearestKeyScope } from "../../models/scopes/scope.ts";
import { float32 } from "../../tensor.ts";
import type { GraceCodebook } from "../memories/grace-codebook.ts";
import type { Variant } from "../memories/variant.ts";
import { carriedLabels, carryLabels } from "./carried-labels.ts";

/** A codebook as the interventions and the scope of an edit, and what the edit carries. */
export function codebookEdit(codebook: GraceCodebook, site: SiteId) {
  const { keys, values, radii, cases, labels, variant } = codebook;
  const interventions: Intervention[] = values.map((value, entry) => ({
    kind: "replace",
    site,
    value: float32(value, [value.length]),
    entry,
  }));
  return { interventions, scope: keyScope(site, keys, radii, cases, variant), carried: carryLabels(labels) };
}

/** Balls around keys [n][width]. */
export function keyScope(
  site: SiteId,
  keys: readonly Float32Array[],
  radii: readonly number[],
  cases: readonly (readonly string[])[],
  variant: Variant,
): NearestKeyScope {
  const width = keys[0]?.length ?? 0;
  const all = new Float32Array(keys.length * width);
  keys.forEach((key, i) => all.set(key, i * width));
  return {
    kind: "nearest-key",
    site,
    keys: float32(all, [keys.length, width]),
    radii: [...radii],
    cases: cases.map((ids) => [...ids]),
    ...(variant === "official" && { ties: "first" as const }),
  };
}

/** The codebook that `codebookEdit` wrote. Throws: CarriedError. */
export function codebookOf(edit: Edit, variant: Variant): GraceCodebook {
  const { scope, interventions } = edit;
  if (scope.kind !== "nearest-key") throw new Error("internal: this edit has no codebook");
  return {
    variant,
    keys: rowsOf(scope),
    values: interventions.map((step) => {
      if (step.kind !== "replace") throw new Error("internal: a codebook's entry replaces nothing");
      return step.value.data as Float32Array;
    }),
    radii: scope.radii,
    labels: carriedLabels(edit, scope.radii.length),
    cases: scope.cases,
  };
}

/** The keys of a scope, one by one. */
export function rowsOf({ keys: { data, dims } }: Pick<NearestKeyScope, "keys">): Float32Array[] {
  const [count, width] = dims;
  return Array.from({ length: count }, (_, i) => (data as Float32Array).slice(i * width, (i + 1) * width));
}
