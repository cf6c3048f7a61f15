import { throwIfCancelled } from "../../errors.ts";
import type { Edit, SiteId } from "../../models/edit.ts";
import { float32, type Tensor } from "../../tensor.ts";
import { addKeys, emptyGram, type KeyGram } from "../closed-forms/key-gram.ts";
import { matrixOf } from "../closed-forms/tensor-matrix.ts";
import type { Intervention } from "../editor.ts";

/**
 * The keys of an edit, kept in the edit itself: the first factor of a low-rank change whose second factor is zero, which adds
 * nothing to the model (but rounding in the last digit, as engines add up factors of another rank in another order). So an edit stays a value: what an editor must know of its earlier edits travels with them, in views, packs and other processes.
 */
export function carryKeys(site: SiteId, keys: Tensor<Float32Array>, out: number): Intervention {
  const [count, width] = keys.dims;
  const a = new Float32Array(count * width);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) a[j * count + i] = keys.data[i * width + j];
  return {
    kind: "low-rank",
    site,
    a: float32(a, [width, count]),
    b: float32(new Float32Array(count * out), [count, out]),
  };
}

/** The sum of k k^T over the keys that an editor's edits carry at a site. */
export function carriedKeys(edits: readonly Edit[], editor: string, site: SiteId, width: number, signal?: AbortSignal) {
  let gram: KeyGram = emptyGram(width);
  for (const edit of edits) {
    throwIfCancelled(signal, editor);
    if (edit.editor !== editor) continue;
    for (const step of edit.interventions)
      if (step.kind === "low-rank" && step.site === site && (step.b.data as Float32Array).every((value) => value === 0))
        gram = addKeys(gram, matrixOf(step.a as Tensor<Float32Array>, "carried keys").transpose());
  }
  return gram;
}
