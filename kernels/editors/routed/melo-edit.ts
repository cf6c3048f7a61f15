import type { Edit, Intervention, SiteId } from "../../models/edit.ts";
import { float32 } from "../../tensor.ts";
import type { MeloTable } from "../memories/melo-clusters.ts";
import type { Variant } from "../memories/variant.ts";
import { carriedLabels, carryLabels } from "./carried-labels.ts";
import { keyScope, rowsOf } from "./codebook-edit.ts";

/** A low-rank block: what is added at every site, with the block's number as its entry. */
export type Block = Extract<Intervention, { kind: "low-rank" }>[];

/** MELO's memory: clusters that choose blocks, and the case that each edited key belongs to. */
export interface MeloMemory {
  table: MeloTable;
  blocks: Block[];
  /** By the key itself: a key keeps its identity from cluster to cluster. */
  cases: Map<Float32Array, string>;
}

/** A memory as interventions and scope of an edit, and what the edit carries. */
export function meloEdit({ table: { clusters, variant }, blocks, cases }: MeloMemory, site: SiteId) {
  const caseOf = (key: Float32Array) => (cases.has(key) ? [cases.get(key)!] : []);
  const points = clusters.flatMap((cluster, ball) => cluster.points.map((point) => ({ ...point, ball })));
  const balls = keyScope(
    site,
    clusters.map(({ centre }) => centre),
    clusters.map(({ radius }) => radius),
    clusters.map((cluster) => cluster.points.flatMap(({ key }) => caseOf(key))),
    variant,
  );
  const width = clusters[0]?.centre.length ?? 0;
  const keys = new Float32Array(points.length * width);
  points.forEach(({ key }, i) => keys.set(key, i * width));
  const scope = {
    ...balls,
    points: {
      keys: float32(keys, [points.length, width]),
      balls: points.map(({ ball }) => ball),
      entries: points.map(({ block }) => block),
      cases: points.map(({ key }) => caseOf(key)),
    },
  };
  return { interventions: blocks.flat(), scope, carried: carryLabels(clusters.map(({ label }) => label)) };
}

/** The memory that `meloEdit` wrote. Throws: CarriedError. */
export function meloMemoryOf(edit: Edit, variant: Variant): MeloMemory {
  const { scope, interventions } = edit;
  if (scope.kind !== "nearest-key" || !scope.points) throw new Error("internal: this edit has no clusters");
  const labels = carriedLabels(edit, scope.radii.length);
  const { balls, entries, cases: ids } = scope.points;
  const cases = new Map<Float32Array, string>();
  const points = rowsOf(scope.points).map((key, i) => {
    if (ids[i].length) cases.set(key, ids[i][0]);
    return { key, block: entries[i] };
  });
  const clusters = rowsOf(scope).map((centre, i) => {
    const own = points.filter((_, point) => balls[point] === i);
    return { centre, radius: scope.radii[i], label: labels[i], points: own };
  });
  const blocks: Block[] = [];
  for (const step of interventions) {
    if (step.kind !== "low-rank" || step.entry === undefined) throw new Error("internal: a block is not of low rank");
    (blocks[step.entry] ??= []).push(step);
  }
  return { table: { variant, clusters }, blocks, cases };
}
