import { intAttribute } from "../attributes.ts";
import { scattered } from "./scattered.ts";

export const scatterElements = scattered("ScatterElements", "GatherElements", ({ node }) => ({
  axis: intAttribute(node, "axis", 0),
}));
