import { UserFacingError } from "../errors.ts";
import type { Site } from "../onnx/sites.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { Edit, SiteId } from "./edit.ts";
import type { LookupEntry } from "./lookup.ts";

/** Cause: an edit was made for another model, or its tensors do not fit the site. Handled by: the caller. */
export class EditMismatchError extends UserFacingError {}

/** What several edits amount to together, ready to feed. */
export interface CombinedEdits {
  /** Text in front of every question; prefixes follow each other in the order of the edits. */
  prefix: string;
  /** Sum of the dense deltas per site, [in, out]. */
  dense: Map<SiteId, Tensor<Float32Array>>;
  /** Concatenated low-rank factors per site: A [in, ranks], B [ranks, out]. */
  lowRank: Map<SiteId, { a: Tensor<Float32Array>; b: Tensor<Float32Array> }>;
  /** Tables of answers one after another; `undefined` where no edit has one. */
  lookup?: LookupEntry[];
}

/**
 * Combines edits in their order: deltas add, factors concatenate, prefixes and tables append.
 *
 * Throws: EditMismatchError when a site is not in the model or a tensor has another shape.
 */
export function combineEdits(edits: readonly Edit[], sites: readonly Site[]): CombinedEdits {
  const combined: CombinedEdits = { prefix: "", dense: new Map(), lowRank: new Map() };
  const bySite = new Map(sites.map((site) => [site.id, site]));
  for (const edit of edits) {
    const fit = (id: SiteId, tensor: Tensor, dims: (number | undefined)[]) => {
      const wrong =
        dims.some((size, axis) => size !== undefined && tensor.dims[axis] !== size) || tensor.type !== "float32";
      if (wrong || tensor.dims.length !== 2)
        throw new EditMismatchError(
          `edit "${edit.id}" at ${id}: the update is ${tensor.type} [${tensor.dims}], the site takes float32 [${dims.map((size) => size ?? "rank")}]. Make the edit again on this model.`,
        );
      return tensor as Tensor<Float32Array>;
    };
    const siteOf = (id: SiteId) => {
      const site = bySite.get(id);
      if (site) return site;
      throw new EditMismatchError(
        `edit "${edit.id}": this model has no site "${id}". It was made for "${edit.provenance.model}"; make it again on this model.`,
      );
    };
    for (const step of edit.interventions) {
      if (step.kind === "prefix") combined.prefix += step.text;
      else if (step.kind === "lookup") combined.lookup = [...(combined.lookup ?? []), ...step.table];
      else if (step.kind === "dense") {
        const site = siteOf(step.site);
        const delta = fit(step.site, step.delta, [site.in, site.out]);
        const before = combined.dense.get(step.site);
        // Copied: whoever changes the edit's numbers later changes no view.
        combined.dense.set(step.site, before ? addTensors(before, delta) : float32(delta.data.slice(), delta.dims));
      } else {
        const site = siteOf(step.site);
        const a = fit(step.site, step.a, [site.in, undefined]);
        const b = fit(step.site, step.b, [a.dims[1], site.out]);
        const before = combined.lowRank.get(step.site);
        combined.lowRank.set(step.site, before ? { a: joinColumns(before.a, a), b: joinRows(before.b, b) } : { a, b });
      }
    }
  }
  return combined;
}

/** Elementwise sum; without `a`, `b` itself. The operands are left as they are. */
export function addTensors(a: Tensor<Float32Array> | undefined, b: Tensor<Float32Array>): Tensor<Float32Array> {
  if (!a) return b;
  return float32(
    a.data.map((value, i) => value + b.data[i]),
    a.dims,
  );
}

function joinRows(a: Tensor<Float32Array>, b: Tensor<Float32Array>): Tensor<Float32Array> {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return float32(data, [a.dims[0] + b.dims[0], a.dims[1]]);
}

function joinColumns(a: Tensor<Float32Array>, b: Tensor<Float32Array>): Tensor<Float32Array> {
  const [rows, left] = a.dims;
  const right = b.dims[1];
  const data = new Float32Array(rows * (left + right));
  for (let row = 0; row < rows; row++) {
    data.set(a.data.subarray(row * left, (row + 1) * left), row * (left + right));
    data.set(b.data.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return float32(data, [rows, left + right]);
}
