import { createHash } from "node:crypto";
import type { Tensor } from "../tensor.ts";
import { addTensors } from "./combine-edits.ts";
import type { Edit, Intervention, SiteId } from "./edit.ts";

type Dense = Extract<Intervention, { kind: "dense" }>;

/**
 * The edits in force with one more, in as little memory as a view needs: where the last one and the new one only add weight deltas, they
 * become one edit with the sums. A view of the result answers as one of all the edits does, bit for bit where it is the base model's: a view adds
 * them in the same order.
 *
 * A thousand edits of one weight so take the memory of one, and an edit that contains earlier ones in a revised form replaces them. Other
 * edits (prefixes, factors) stand beside each other.
 */
export function foldEdits(before: readonly Edit[], next: Edit): Edit[] {
  const edits = before.filter(({ id }) => !next.supersedes?.includes(id));
  const last = edits.at(-1);
  const [a, b] = [last && onlyDense(last), onlyDense(next)];
  if (!last || !a || !b) return [...edits, next];
  const sums = new Map<SiteId, Tensor<Float32Array>>();
  for (const { site, delta } of [...a, ...b]) sums.set(site, addTensors(sums.get(site), delta as Tensor<Float32Array>));
  const images = [...new Set([...(last.images ?? []), ...(next.images ?? [])])];
  const folded: Edit = {
    ...next,
    id: createHash("sha256").update(`${last.id}+${next.id}`).digest("hex").slice(0, 12),
    cases: [...last.cases, ...next.cases],
    ...(images.length && { images }),
    interventions: [...sums].map(([site, delta]) => ({ kind: "dense", site, delta })),
    ...((last.carried || next.carried) && { carried: { ...last.carried, ...next.carried } }),
  };
  return [...edits.slice(0, -1), Object.freeze(folded)];
}

/** The deltas of an edit that always acts and consists of nothing else. */
function onlyDense({ scope, interventions }: Edit): Dense[] | undefined {
  const dense = interventions.filter((step): step is Dense => step.kind === "dense");
  const fits = dense.every(({ delta }) => delta.type === "float32");
  return scope.kind === "always" && fits && dense.length === interventions.length ? dense : undefined;
}
