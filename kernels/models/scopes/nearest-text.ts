import type { ScopeProbe } from "./decide.ts";
import type { Decision, NearestTextScope } from "./scope.ts";

/** Cosine of the question to every stored text, and the nearest one's verdict. */
export async function byNearestText(scope: NearestTextScope, probe: ScopeProbe): Promise<Decision> {
  const { encoder, keys, threshold, cases } = scope;
  if (cases.length === 0) return { fires: false, score: -1, threshold, why: "nothing is stored" };
  const asked = await probe.encode(encoder, probe.query.question);
  let [best, nearest] = [0, -Infinity];
  for (let i = 0; i < cases.length; i++) {
    let cosine = 0;
    for (let j = 0; j < asked.length; j++) cosine += asked[j] * Number(keys.data[i * asked.length + j]);
    if (cosine > nearest) [best, nearest] = [i, cosine];
  }
  return {
    fires: nearest >= threshold,
    entry: best,
    case: cases[best],
    score: nearest,
    threshold,
    why: `nearest text ${best + 1} of ${cases.length} at cosine ${nearest.toFixed(3)}, threshold ${threshold}`,
  };
}
