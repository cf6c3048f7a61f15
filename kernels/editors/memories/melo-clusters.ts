import { euclidean } from "../../models/scopes/nearest-row.ts";
import { type LabelRow, sameAnswer, sameSum } from "./label-match.ts";
import { type Nearest, nearestBall, nearestKey } from "./nearest-ball.ts";
import type { Variant } from "./variant.ts";

/** One edited key [width] and the low-rank block that was trained for it; null: no block (see `insertPoint`). */
export interface MeloPoint {
  key: Float32Array;
  block: number | null;
}

/** A ball of edits with one label. */
export interface MeloCluster {
  /** Mean of the points' keys, [width]. */
  centre: Float32Array;
  radius: number;
  label: LabelRow;
  points: readonly MeloPoint[];
}

/**
 * MELO's table of clusters, which chooses the low-rank block for a query. A value: `insertPoint` returns a new one.
 * Source: Yu et al., "MELO" (AAAI 2024); official behaviour from the vector database of EasyEdit's MELO.
 */
export interface MeloTable {
  variant: Variant;
  clusters: readonly MeloCluster[];
}

export interface MeloInsertion {
  table: MeloTable;
  action: "init" | "add" | "split" | "join";
  /** Index of the cluster that holds the point. */
  cluster: number;
  /** Keys that a split pushed out of their cluster: those edits are forgotten. */
  forgotten: readonly Float32Array[];
}

export const emptyTable = (variant: Variant = "corrected"): MeloTable => ({ variant, clusters: [] });

/**
 * Inserts a point. A first or far key (distance to the nearest centre > its radius + `radius`) makes a cluster; a near key of the same
 * label joins, the centre becomes the points' mean and the radius their largest distance from it, at least `radius`; a near key of another
 * label makes a cluster, the two share the distance as radii, and points outside the shrunk ball are dropped. A cluster that loses all
 * its points keeps its centre without a block, as published: queries nearest to it get no change.
 *
 * Options: `radius`, that of a new cluster, default 0.5; > 0.
 * Guarantees: with `corrected` no radius is negative.
 */
export function insertPoint(
  table: MeloTable,
  point: MeloPoint & { label: LabelRow },
  { radius = 0.5 }: { radius?: number } = {},
): MeloInsertion {
  const { key, block, label } = point;
  const fresh = (size: number): MeloCluster => ({ centre: key, radius: size, label, points: [{ key, block }] });
  const nearest = nearestCluster(table, key);
  const last = table.clusters.length;
  const done = (action: MeloInsertion["action"], clusters: MeloCluster[], cluster = last): MeloInsertion => {
    return { table: { ...table, clusters }, action, cluster, forgotten: [] };
  };
  if (!nearest) return done("init", [fresh(radius)]);
  const { entry, distance } = nearest;
  if (distance > nearest.radius + radius) return done("add", [...table.clusters, fresh(radius)]);
  const cluster = table.clusters[entry];
  const put = (changed: MeloCluster) => table.clusters.map((each, i) => (i === entry ? changed : each));
  const same = table.variant === "official" ? sameSum : sameAnswer;
  if (same(label, cluster.label)) return done("join", put(joined(cluster, { key, block }, radius)), entry);
  const rest = distance / 2 - 1e-5;
  const { kept, forgotten } = shrunk(cluster, table.variant === "official" ? rest : Math.max(rest, 0));
  return { ...done("split", [...put(kept), fresh(distance / 2 + 1e-5)]), forgotten };
}

/** The cluster whose centre is nearest to a query [width], and whether the query lies in its ball. Undefined for an empty table. */
export function nearestCluster({ clusters, variant }: MeloTable, query: ArrayLike<number>): Nearest | undefined {
  const centres = clusters.map((cluster) => cluster.centre);
  const radii = clusters.map((cluster) => cluster.radius);
  return nearestBall(centres, radii, query, variant);
}

/** The block for a query: that of the nearest point of the cluster that fires, else null. */
export function meloBlock(table: MeloTable, query: ArrayLike<number>): number | null {
  const nearest = nearestCluster(table, query);
  if (!nearest?.fires) return null;
  const { points } = table.clusters[nearest.entry];
  const keys = points.map((point) => point.key);
  return points[nearestKey(keys, query, table.variant)!.entry].block;
}

function joined(cluster: MeloCluster, point: MeloPoint, least: number): MeloCluster {
  const points = [...cluster.points, point];
  const centre = point.key.map((_, i) => points.reduce((sum, each) => sum + each.key[i], 0) / points.length);
  const radius = Math.max(least, ...points.map((each) => euclidean(each.key, centre)));
  return { ...cluster, points, centre, radius };
}

function shrunk(cluster: MeloCluster, radius: number): { kept: MeloCluster; forgotten: Float32Array[] } {
  const inside = (point: MeloPoint) => euclidean(point.key, cluster.centre) <= radius;
  const points = cluster.points.filter(inside);
  const lost = cluster.points.filter((point) => !inside(point) && point.block !== null);
  const kept = points.length > 0 ? points : [{ key: cluster.centre, block: null }];
  return { kept: { ...cluster, radius, points: kept }, forgotten: lost.map((point) => point.key) };
}
