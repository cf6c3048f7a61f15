import type { NodeProto } from "onnx-buf";

/** Name of the node that replaces rows of a site's output; the names of its inputs start with it. */
export const replacementName = (siteId: string) => `replace:${siteId}`;

/** The value that takes terms added to a site: its output, or what goes into the first replacement of its rows. */
export function behindReplacements(made: ReadonlyMap<string, NodeProto>, siteId: string, output: string): string {
  let found = output;
  let node = made.get(output);
  while (node) {
    const replaces = node.opType === "Where" && node.name === replacementName(siteId);
    if (replaces) found = node.input[2];
    else if (node.opType !== "Add") break;
    node = made.get(node.input[replaces ? 2 : 0]);
  }
  return found;
}
