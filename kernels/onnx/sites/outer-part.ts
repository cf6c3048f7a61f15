import { intsAttribute } from "../attributes.ts";
import type { OuterRole } from "../site-role.ts";
import { SAME_CONTENT } from "./graph-view.ts";
import type { GraphView } from "./graph-view.ts";
import type { WeightedNode } from "./weighted-node.ts";
import type { Weights } from "./weights.ts";

/** A weight outside the layers, and why its role is a guess where it is one. */
export interface OuterPart {
  role: OuterRole;
  doubt?: string;
}

/** The graph input that a value is, through casts and changes of shape. */
function graphInput(view: GraphView, value: string): string | undefined {
  for (let name = value; ;) {
    if (view.inputs.has(name)) return name;
    const maker = view.made.get(name);
    if (!maker || !SAME_CONTENT.has(maker.opType)) return undefined;
    name = maker.input[0];
  }
}

/**
 * Roles of embeddings, first and last weights, from what they read and which outputs they reach. `placed` are those that have a role
 * in a layer. Weights between others (the inside of a convolutional network) get none.
 */
export function outerParts(
  view: GraphView,
  weights: Weights,
  placed: ReadonlySet<WeightedNode>,
): Map<WeightedNode, OuterPart> {
  const parts = new Map<WeightedNode, OuterPart>();
  for (const weighted of weights.all) {
    if (placed.has(weighted)) continue;
    if (weighted.kind === "embedding") parts.set(weighted, embedding(view, weighted));
    const first = weights.before([weighted.input]).length === 0 && graphInput(view, weighted.input);
    if (weighted.kind === "convolution" && first) parts.set(weighted, firstConvolution(weighted));
    if (weighted.kind === "projection" && first && isImage(first)) parts.set(weighted, { role: "patch_embedding" });
  }
  // From the last one back: what feeds a projector is part of the projector.
  for (const weighted of [...weights.all].reverse()) {
    if (placed.has(weighted) || parts.has(weighted)) continue;
    const following = weights.after(weighted.output);
    if (following.length === 0 && !view.readers(weighted.output).some((reader) => weights.stops(reader))) {
      const part = last(view, weighted);
      if (part) parts.set(weighted, part);
    } else if (weighted.kind === "projection" && following.length === 1) {
      const role = parts.get(following[0])?.role;
      if (role === "projector") parts.set(weighted, { role });
      if (role === "lm_head" || role === "classifier" || role === "head.dense")
        parts.set(weighted, { role: "head.dense" });
    }
  }
  return parts;
}

const isImage = (input: string) => /pixel|image|patches/.test(input);

function embedding(view: GraphView, { input, node, weight }: WeightedNode): OuterPart {
  if (node.opType === "EmbedLayerNormalization") return { role: "embed_tokens" };
  const source = graphInput(view, input);
  // Positions and segments may both be computed: then only the table's name tells them apart.
  if (source === undefined && /token_type|segment/.test(weight)) return { role: "embed_token_types" };
  if (source === undefined || /position/.test(source)) return { role: "embed_positions" };
  if (/token_type|segment/.test(source)) return { role: "embed_token_types" };
  return /ids|tokens/.test(source)
    ? { role: "embed_tokens" }
    : { role: "embed_tokens", doubt: `it looks up "${source}", which may not be token ids` };
}

function firstConvolution({ node, shape }: WeightedNode): OuterPart {
  const kernel = shape.slice(2);
  const strides = intsAttribute(node, "strides") ?? kernel.map(() => 1);
  const patches = kernel.some((size) => size > 1) && kernel.every((size, i) => size === strides[i]);
  return patches ? { role: "patch_embedding" } : { role: "stem" };
}

function last(view: GraphView, weighted: WeightedNode): OuterPart | undefined {
  const reached = view.descendants(weighted.output, () => false).flatMap((node) => node.output);
  const outputs = [weighted.output, ...reached].filter((value) => view.outputs.has(value));
  if (outputs.length === 0) return undefined;
  const ancestors = view.ancestors([weighted.input]);
  const inputs = new Set(
    [...ancestors, weighted.node].flatMap((node) => node.input.filter((input) => view.inputs.has(input))),
  );
  const image = [...inputs].some(isImage) || [...ancestors].some((node) => node.opType.includes("Conv"));
  const named = (pattern: RegExp) => outputs.some((output) => pattern.test(output));
  if (named(/pooler|pooled/)) return { role: "pooler" };
  if (named(/logits|scores|prob/)) return { role: image ? "classifier" : "lm_head" };
  if (named(/features|embed/)) return { role: "projector" };
  if (weighted.kind === "convolution") return undefined;
  return { role: image ? "projector" : "lm_head", doubt: `nothing but its place tells what output "${outputs[0]}" is` };
}
