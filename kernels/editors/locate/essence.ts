import type { EditCase } from "../../../datasets/case.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import type { Example } from "../../models/example-batch.ts";
import { keyRow } from "../key-position.ts";
import type { LocateCall } from "./locate-options.ts";

/** What the model shall go on saying of a subject. */
export interface Essence {
  /** The prompt "{subject} is a" with the distribution that stands there now, weighted. */
  example: Example;
  /** Entropy of that distribution times its weight: what the term is when nothing has changed. Nats. */
  floor: number;
}

/**
 * The prompt that keeps a subject what it is while one fact of it changes; undefined where the benchmark names no subject, or where the key
 * lies in an image, which this prompt has not.
 *
 * Source: ROME (arXiv 2202.05262), section 3.2 (adapted: KL(before || now), the divergence that a cross-entropy gives; released code has
 * KL(now || before). Read at the key's row of the prompt in the model's own form).
 */
export async function essenceOf(
  { editor, options }: LocateCall,
  model: EditableModel,
  fact: EditCase,
  sites: readonly SiteId[],
): Promise<Essence | undefined> {
  const { subject } = fact.meta;
  if (!subject || options.essence === 0 || options.position === "last-image-token") return undefined;
  const query = { question: `${subject} is a` };
  const { row } = await keyRow(editor, model, { ...fact, ...query, image: undefined }, options.position);
  const distribution = softmaxRow(await model.logits(query, ""), row);
  const entropy = distribution.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  return {
    example: {
      query,
      answer: "",
      labels: "none",
      soft: [{ row, distribution, weight: options.essence }],
      shifts: Object.fromEntries(sites.map((site) => [site, row])),
    },
    floor: options.essence * entropy,
  };
}

function softmaxRow({ data, dims }: { data: Float32Array; dims: readonly number[] }, row: number): Float32Array {
  const width = dims.at(-1)!;
  const logits = data.subarray(row * width, (row + 1) * width);
  const top = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((value) => Math.exp(value - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / total);
}
