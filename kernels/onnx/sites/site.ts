import { siteId } from "../site-role.ts";
import type { SiteRole } from "../site-role.ts";
import type { GraphView } from "./graph-view.ts";
import { roleOf } from "../site-role.ts";
import type { SiteKind, WeightedNode, WeightPart } from "./weighted-node.ts";

/** A place in the graph where an edit may act. */
export interface Site {
  /** "layers.1.mlp.down_proj", or the role alone outside the layers ("lm_head", "projector"). */
  id: string;
  role: SiteRole;
  /** Counted from 0; -1 outside the layers. */
  layer: number;
  /** A "projection" y = x·W takes every kind of edit; a "value" has no weight of its own. */
  kind: SiteKind;
  /** Float value y, which identifies the site even where names are missing. */
  output: string;
  /** Float value x; token ids for an embedding; "" for a value. */
  input: string;
  /** Name of the node; may be empty in graphs from other exporters. */
  node: string;
  /** Initialiser that holds W, in its own layout; "" for a value. */
  weight: string;
  /** Shape of that initialiser as stored. */
  shape: readonly number[];
  /** Whether that layout is [out, in]. */
  transposed: boolean;
  /** Where W is one of several matrices in that initialiser (packed query, key and value): the rows or columns that are W. */
  part?: WeightPart;
  /** Size of x's last axis; rows of the table for an embedding, channels for a convolution. */
  in: number;
  /** Size of y's last axis; channels for a convolution. */
  out: number;
  /** How W is stored where not as floats, such as "4 bits, blocks of 32". Edits of W itself are not possible then. */
  quantised?: string;
  /** How the role was found. */
  found: "map" | "name" | "structure" | "name and structure";
  /** Why the role is a guess, where it is one. */
  ambiguous?: string;
}

/** What the names of a node, its weight and its metadata say. */
export const roleNamed = ({ node, weight }: WeightedNode) =>
  [node.name, weight, ...node.metadataProps.map((entry) => entry.value)].map(roleOf).find((role) => role !== undefined);

export function siteOf(
  weighted: WeightedNode,
  role: SiteRole,
  layer: number,
  found: Site["found"],
  ambiguous?: string,
): Site {
  const { node, ...rest } = weighted;
  return { id: siteId(role, layer), role, layer, ...rest, node: node.name, found, ...(ambiguous && { ambiguous }) };
}

/** A place without a weight: a value of the graph. */
export const valueSite = (
  view: GraphView,
  value: string,
  layer: number,
  width: number,
  found: Site["found"],
): Site => ({
  id: siteId("output", layer),
  role: "output",
  layer,
  kind: "value",
  output: value,
  input: "",
  node: view.made.get(value)?.name ?? "",
  weight: "",
  shape: [],
  transposed: false,
  in: width,
  out: width,
  found,
});
