import { expect } from "chai";
import { combineEdits, EditMismatchError } from "../../../kernels/models/combine-edits.ts";
import type { Edit, Intervention } from "../../../kernels/models/edit.ts";
import type { Site } from "../../../kernels/onnx/sites.ts";
import { float32 } from "../../../kernels/tensor.ts";

const site = { id: "layers.0.mlp.down_proj", in: 3, out: 2 } as Site;
const edit = (...interventions: Intervention[]): Edit => ({
  id: "e1",
  editor: "strange",
  cases: [],
  interventions,
  scope: { kind: "always" },
  provenance: { editor: "strange", model: "m", seed: 0, options: {} },
});
const prefix = (text: string): Intervention => ({ kind: "prefix", text });

describe("combining edits", () => {
  it("takes one intervention of every kind, in order", () => {
    const zeros = (...dims: number[]) => float32(new Float32Array(dims.reduce((a, b) => a * b)), dims);
    const line = { question: "q", answer: "a", case: "c" };
    const all: Intervention[] = [
      prefix("one "),
      { kind: "dense", site: site.id, delta: zeros(3, 2) },
      { kind: "low-rank", site: site.id, a: zeros(3, 1), b: zeros(1, 2) },
      { kind: "replace", site: site.id, value: zeros(2) },
      { kind: "neurons", site: site.id, keys: zeros(4, 1), bias: zeros(1), values: zeros(1, 2) },
      { kind: "lookup", table: [line] },
      prefix("two "),
    ];
    const combined = combineEdits([edit(...all)], [site]);
    expect(combined).to.include({ prefix: "one two " });
    expect(combined.lookup).to.deep.equal([line]);
    for (const part of ["dense", "lowRank", "replace", "neurons"] as const)
      expect([...combined[part].keys()], part).to.deep.equal([site.id]);
  });

  it("refuses a kind that it does not know instead of leaving it out, whether it names a site or not", () => {
    for (const strange of [{ kind: "sparse", site: site.id }, { kind: "sparse" }, { kind: undefined }])
      expect(() => combineEdits([edit(strange as unknown as Intervention)], [site])).to.throw(
        EditMismatchError,
        `edit "e1" of "strange": this version of medke knows no intervention "${strange.kind}". Update medke, or make`,
      );
  });
});
