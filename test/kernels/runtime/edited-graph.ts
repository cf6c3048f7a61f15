import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openGraph } from "../../../kernels/commands/model-graphs.ts";
import { randomFeeds } from "../../../kernels/commands/grad-check/random-feeds.ts";
import { findSites, takesTerms } from "../../../kernels/onnx/index.ts";
import type { OnnxModel, Site } from "../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../kernels/tensor.ts";
import { shared } from "../../shared-data.ts";
import { familyFeeds } from "../onnx/family-feeds.ts";
import { familyGraphs, ROOT } from "../onnx/gradients/family.ts";
import { readSafetensors } from "../onnx/read-safetensors.ts";

/** A graph that edits are tried on: its places, and feeds of several shapes. */
export interface EditedGraph {
  model: OnnxModel;
  /** Projections that take low-rank and dense updates. */
  projections: Site[];
  /** The residual stream after each layer. */
  states: string[];
  cases: Record<string, Tensor>[];
}

/** Name and opener of every graph of tiny-families, tinystories-656k and vqarad-tiny-vlm. */
export function editedGraphs(): [title: string, open: () => Promise<EditedGraph>][] {
  const families = familyGraphs().map(([family, file, notes]): [string, () => Promise<EditedGraph>] => [
    `${family} ${file}`,
    async () => {
      const inputs = readSafetensors(shared(ROOT, family, "inputs.safetensors"));
      const model = await openGraph(shared(ROOT, family, file));
      return graphOf(model, notes.cases.map((name) => familyFeeds(inputs, name, model))); // prettier-ignore
    },
  ]);
  const others = ["tinystories-656k", "vqarad-tiny-vlm"].flatMap((folder) =>
    readdirSync(shared("models", folder, "onnx")).map((file): [string, () => Promise<EditedGraph>] => [
      `${folder} ${file}`,
      async () => {
        const model = await openGraph(shared("models", folder, "onnx", file));
        return graphOf(model, [1, 2].map((seed) => randomFeeds(model, findSites(model), seed))); // prettier-ignore
      },
    ]),
  );
  return [...families, ...others];
}

/** What `editedGraphs` needs. */
export const EDITED_GRAPHS = [ROOT, join("models", "tinystories-656k"), join("models", "vqarad-tiny-vlm")];

function graphOf(model: OnnxModel, cases: Record<string, Tensor>[]): EditedGraph {
  const sites = findSites(model);
  return {
    model,
    projections: sites.filter((site) => takesTerms(model, site)),
    states: sites.filter((site) => site.role === "output").map((site) => site.output),
    cases,
  };
}
