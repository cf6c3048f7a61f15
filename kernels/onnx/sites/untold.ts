import type { GraphView } from "./graph-view.ts";
import type { Site } from "./site.ts";
import type { Weights } from "./weights.ts";

/** Weights that got no role, and parts of the graph that were not searched; a sentence each. */
export function untold(view: GraphView, weights: Weights, sites: readonly Site[]): string[] {
  const sentences: string[] = [];
  const taken = new Set(sites.map((site) => site.output));
  const rest = weights.all.filter((weighted) => !taken.has(weighted.output));
  const convolutions = rest.filter((weighted) => weighted.kind === "convolution");
  if (convolutions.length)
    sentences.push(`${convolutions.length} convolutions inside a convolutional network have no role of their own.`);
  for (const { node, output, weight } of rest.filter((weighted) => weighted.kind !== "convolution"))
    sentences.push(
      `node "${node.name || output}" (${node.opType}, weight "${weight}"): no role; name it in a map if it is one.`,
    );
  const bodies = view.nodes.filter((node) => node.attribute.some((attribute) => attribute.g));
  for (const node of bodies)
    sentences.push(
      `node "${node.name || node.output[0]}" (${node.opType}): what its branches hold was not looked into.`,
    );
  return sentences;
}
