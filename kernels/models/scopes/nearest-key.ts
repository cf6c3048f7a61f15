import type { ScopeProbe } from "./decide.ts";
import type { Decision, NearestKeyScope } from "./scope.ts";

/** Distance of the query's key to every entry, and the nearest one's verdict. */
export async function byNearestKey(scope: NearestKeyScope, probe: ScopeProbe): Promise<Decision> {
  const { site, keys, radii, cases, entries } = scope;
  if (radii.length === 0) return { fires: false, score: Infinity, threshold: 0, why: "the codebook is empty" };
  const [states] = await probe.states([{ site, of: "input" }]);
  const width = states.dims[1];
  const key = states.data.subarray((states.dims[0] - 1) * width, states.dims[0] * width);
  let [best, nearest] = [0, Infinity];
  for (let i = 0; i < radii.length; i++) {
    const distance = euclidean(key, keys.data as Float32Array, i * width);
    if (distance < nearest) [best, nearest] = [i, distance];
  }
  const fires = nearest <= radii[best];
  return {
    fires,
    entry: entries ? entries[best] : best,
    case: cases[best],
    score: nearest,
    threshold: radii[best],
    why: `nearest key ${best + 1} of ${radii.length} at distance ${nearest.toPrecision(4)}, radius ${radii[best].toPrecision(4)}`,
  };
}

/** In double precision. */
function euclidean(a: Float32Array, rows: Float32Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - rows[start + i]) ** 2;
  return Math.sqrt(sum);
}
