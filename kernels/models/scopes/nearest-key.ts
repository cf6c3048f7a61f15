import type { Tensor } from "../../tensor.ts";
import type { ScopeProbe } from "./decide.ts";
import { nearestRow } from "./nearest-row.ts";
import { type Decision, type NearestKeyScope, ofCases } from "./scope.ts";

/** Distance of the query's key to every entry, and the nearest one's verdict. */
export async function byNearestKey(scope: NearestKeyScope, probe: ScopeProbe): Promise<Decision> {
  const { site, keys, radii, cases, points, ties = "last" } = scope;
  if (radii.length === 0) return { fires: false, score: Infinity, threshold: 0, why: "the codebook is empty" };
  const [states] = await probe.states([{ site, of: "input" }]);
  const width = states.dims[1];
  const key = states.data.subarray((states.dims[0] - 1) * width, states.dims[0] * width);
  const { entry: at, distance } = nearestRow(rowsOf(keys), key, ties)!;
  const decision = {
    fires: distance <= radii[at],
    score: distance,
    threshold: radii[at],
    why: `nearest key ${at + 1} of ${radii.length} at distance ${distance.toPrecision(4)}, radius ${radii[at].toPrecision(4)}`,
  };
  if (!points) return { ...decision, entry: at, ...ofCases(cases[at]) };
  if (!decision.fires) return { ...decision, ...ofCases(cases[at]) };
  const inside = points.balls.flatMap((ball, i) => (ball === at ? [i] : []));
  const rows = rowsOf(points.keys);
  const nearest = nearestRow(inside.map((i) => rows[i]), key, ties); // prettier-ignore
  const point = nearest && inside[nearest.entry];
  const entry = point === undefined ? null : points.entries[point];
  if (point === undefined || entry === null)
    return { ...decision, fires: false, why: `${decision.why}; its edits were pushed out` };
  return { ...decision, entry, ...ofCases(points.cases[point]) };
}

/** The rows of [n, width], without copies. */
function rowsOf({ data, dims: [count, width] }: Tensor): Float32Array[] {
  return Array.from({ length: count }, (_, i) => (data as Float32Array).subarray(i * width, (i + 1) * width));
}
