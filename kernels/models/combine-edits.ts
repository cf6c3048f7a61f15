import { UserFacingError } from "../errors.ts";
import type { Site } from "../onnx/sites.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { Edit, Intervention, SiteId } from "./edit.ts";
import type { LookupEntry } from "./lookup.ts";

/** Cause: an edit was made for another model, or its tensors do not fit the site. Handled by: the caller. */
export class EditMismatchError extends UserFacingError {}

type Floats = Tensor<Float32Array>;

/** New neurons of one MLP: K [hidden, n], b [n], V [n, out]. */
export interface Neurons {
  keys: Floats;
  bias: Floats;
  values: Floats;
}

/** What several edits amount to together, ready to feed. */
export interface CombinedEdits {
  /** Text in front of every question; prefixes follow each other in the order of the edits. */
  prefix: string;
  /** Sum of the dense deltas per site, [in, out]. */
  dense: Map<SiteId, Floats>;
  /** Concatenated low-rank factors per site: A [in, ranks], B [ranks, out]. */
  lowRank: Map<SiteId, { a: Floats; b: Floats }>;
  /** What a site gives at the last token of the prompt, [out]. */
  replace: Map<SiteId, Floats>;
  /** Neurons added to an MLP, one edit's after another's, by its down projection. */
  neurons: Map<SiteId, Neurons>;
  /** Tables of answers one after another; `undefined` where no edit has one. */
  lookup?: LookupEntry[];
}

/** Nothing in force. */
export const noEdits = (): CombinedEdits => ({
  prefix: "",
  dense: new Map(),
  lowRank: new Map(),
  replace: new Map(),
  neurons: new Map(),
});

/**
 * Combines edits in their order: deltas add, factors concatenate, prefixes, neurons and tables append. Scopes are not looked at: give those
 * edits, and those interventions, that act.
 *
 * Throws: EditMismatchError when a site is not in the model, a tensor has another shape, or an intervention is of no known kind.
 */
export function combineEdits(edits: readonly Edit[], sites: readonly Site[]): CombinedEdits {
  const combined = noEdits();
  const bySite = new Map(sites.map((site) => [site.id, site]));
  for (const edit of edits)
    for (const step of edit.interventions) {
      switch (step.kind) {
        case "prefix":
          combined.prefix += step.text;
          break;
        case "lookup":
          combined.lookup = [...(combined.lookup ?? []), ...step.table];
          break;
        case "dense":
        case "low-rank":
        case "replace":
        case "neurons": {
          const site = bySite.get(step.site);
          if (!site)
            throw new EditMismatchError(
              `edit "${edit.id}": this model has no site "${step.site}". It was made for "${edit.provenance.model}"; make it again on this model.`,
            );
          add(combined, step, site, (tensor, dims) => fitted(edit, step.site, tensor, dims));
          break;
        }
        default:
          throw unknownKind(edit, step);
      }
    }
  return combined;
}

/** `step` is never by its type; an edit from elsewhere may have any. */
const unknownKind = ({ id, editor }: Edit, step: never): EditMismatchError =>
  new EditMismatchError(
    `edit "${id}" of "${editor}": this version of medke knows no intervention "${(step as { kind: string }).kind}". Update medke, or make the edit again with this version.`,
  );

type Fit = (tensor: Tensor, dims: readonly (number | undefined)[]) => Floats;

function add(
  { dense, lowRank, replace, neurons }: CombinedEdits,
  step: Extract<Intervention, { site: SiteId }>,
  site: Site,
  fit: Fit,
) {
  switch (step.kind) {
    case "dense": {
      const delta = fit(step.delta, [site.in, site.out]);
      const before = dense.get(site.id);
      // Copied: whoever changes the edit's numbers later changes no view.
      return dense.set(site.id, before ? addTensors(before, delta) : float32(delta.data.slice(), delta.dims));
    }
    case "low-rank": {
      const a = fit(step.a, [site.in, undefined]);
      const b = fit(step.b, [a.dims[1], site.out]);
      const before = lowRank.get(site.id);
      return lowRank.set(site.id, before ? { a: joinColumns(before.a, a), b: joinRows(before.b, b) } : { a, b });
    }
    case "replace":
      return replace.set(site.id, fit(step.value, [site.out]));
    case "neurons": {
      const keys = fit(step.keys, [undefined, undefined]);
      const bias = fit(step.bias, [keys.dims[1]]);
      const values = fit(step.values, [keys.dims[1], site.out]);
      const before = neurons.get(site.id);
      return neurons.set(
        site.id,
        before
          ? {
              keys: joinColumns(before.keys, keys),
              bias: joinVectors(before.bias, bias),
              values: joinRows(before.values, values),
            }
          : { keys, bias, values },
      );
    }
    default:
      step satisfies never;
  }
}

function fitted(edit: Edit, id: SiteId, tensor: Tensor, dims: readonly (number | undefined)[]): Floats {
  const wrong =
    dims.some((size, axis) => size !== undefined && tensor.dims[axis] !== size) || tensor.type !== "float32";
  if (wrong || tensor.dims.length !== dims.length)
    throw new EditMismatchError(
      `edit "${edit.id}" at ${id}: the update is ${tensor.type} [${tensor.dims}], the site takes float32 [${dims.map((size) => size ?? "rank")}]. Make the edit again on this model.`,
    );
  return tensor as Floats;
}

/** Elementwise sum; without `a`, `b` itself. The operands are left as they are. */
export function addTensors(a: Floats | undefined, b: Floats): Floats {
  if (!a) return b;
  return float32(
    a.data.map((value, i) => value + b.data[i]),
    a.dims,
  );
}

/** Combined edits with further dense deltas. */
export function withDeltas(edits: CombinedEdits, deltas: ReadonlyMap<SiteId, Floats>): CombinedEdits {
  const dense = new Map(edits.dense);
  for (const [site, delta] of deltas) dense.set(site, addTensors(dense.get(site), delta));
  return { ...edits, dense };
}

/** A [n, r] times B [r, m]. */
export function lowRankProduct({ a, b }: { a: Floats; b: Floats }): Floats {
  const [rows, rank] = a.dims;
  const columns = b.dims[1];
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rank; k++)
      for (let j = 0; j < columns; j++) out[i * columns + j] += a.data[i * rank + k] * b.data[k * columns + j];
  return float32(out, [rows, columns]);
}

const joinVectors = (a: Floats, b: Floats): Floats => float32(joined(a, b), [a.dims[0] + b.dims[0]]);

const joinRows = (a: Floats, b: Floats): Floats => float32(joined(a, b), [a.dims[0] + b.dims[0], a.dims[1]]);

function joined(a: Floats, b: Floats): Float32Array {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return data;
}

function joinColumns(a: Floats, b: Floats): Floats {
  const [rows, left] = a.dims;
  const right = b.dims[1];
  const data = new Float32Array(rows * (left + right));
  for (let row = 0; row < rows; row++) {
    data.set(a.data.subarray(row * left, (row + 1) * left), row * (left + right));
    data.set(b.data.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return float32(data, [rows, left + right]);
}
