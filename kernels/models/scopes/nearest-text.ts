import { dot } from "../sentence-encoders/dot.ts";
import { EditMismatchError } from "../combine-edits.ts";
import type { ScopeProbe } from "./decide.ts";
import { requireEncoder } from "./require-encoder.ts";
import type { Decision, NearestTextScope } from "./scope.ts";

/**
 * Cosine of the question to every stored text, and the nearest one's verdict; of equally near ones the latest counts.
 *
 * Throws: EncoderMismatchError for another encoder of the same name; EditMismatchError for keys that are none of its vectors.
 */
export async function byNearestText(scope: NearestTextScope, probe: ScopeProbe): Promise<Decision> {
  const { encoder, keys, threshold, cases } = scope;
  if (cases.length === 0) return { fires: false, score: -1, threshold, why: "nothing is stored" };
  const opened = await probe.encoder(encoder);
  await requireEncoder(scope, opened);
  const [asked] = await opened.encode([probe.query.question], probe.signal);
  if (keys.dims[1] !== asked.length)
    throw new EditMismatchError(
      `sentence encoder "${encoder}": its vectors have ${asked.length} numbers, the stored keys ${keys.dims[1]}. Make the edit again with this encoder.`,
    );
  const rows = keys.data as Float32Array;
  let [best, nearest] = [0, -Infinity];
  for (let i = 0; i < cases.length; i++) {
    const cosine = dot(asked, rows.subarray(i * asked.length, (i + 1) * asked.length));
    if (cosine >= nearest) [best, nearest] = [i, cosine];
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
