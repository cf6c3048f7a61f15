import type { Tensor } from "../../tensor.ts";
import type { ScopeProbe } from "./decide.ts";
import { type Decision, type NearestKeyScope, ofCases } from "./scope.ts";

/** Distance of the query's key to every entry, and the nearest one's verdict. */
export async function byNearestKey(scope: NearestKeyScope, probe: ScopeProbe): Promise<Decision> {
  const { site, keys, radii, cases, points, ties = "last" } = scope;
  if (radii.length === 0) return { fires: false, score: Infinity, threshold: 0, why: "the codebook is empty" };
  const [states] = await probe.states([{ site, of: "input" }]);
  const width = states.dims[1];
  const key = states.data.subarray((states.dims[0] - 1) * width, states.dims[0] * width);
  const { at, distance } = nearest(keys, key, ties);
  const decision = {
    fires: distance <= radii[at],
    score: distance,
    threshold: radii[at],
    why: `nearest key ${at + 1} of ${radii.length} at distance ${distance.toPrecision(4)}, radius ${radii[at].toPrecision(4)}`,
  };
  if (!points) return { ...decision, entry: at, ...ofCases(cases[at]) };
  if (!decision.fires) return { ...decision, ...ofCases(cases[at]) };
  const inside = points.balls.flatMap((ball, i) => (ball === at ? [i] : []));
  const point = inside[nearest(points.keys, key, ties, inside).at];
  const entry = points.entries[point];
  if (entry === null) return { ...decision, fires: false, why: `${decision.why}; its edits were pushed out` };
  return { ...decision, entry, ...ofCases(points.cases[point]) };
}

/** Which row of [n, width] is nearest to a vector, as an index into `rows` (default all), and how far it is (Euclidean, in double precision). */
function nearest(keys: Tensor, query: Float32Array, ties: "first" | "last", rows?: readonly number[]) {
  const data = keys.data as Float32Array;
  let [at, distance] = [0, Infinity];
  const count = rows?.length ?? keys.dims[0];
  for (let i = 0; i < count; i++) {
    const start = (rows?.[i] ?? i) * query.length;
    let sum = 0;
    for (let j = 0; j < query.length; j++) sum += (query[j] - data[start + j]) ** 2;
    const found = Math.sqrt(sum);
    if (ties === "last" ? found <= distance : found < distance) [at, distance] = [i, found];
  }
  return { at, distance };
}
