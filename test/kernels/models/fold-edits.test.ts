import { expect } from "chai";
import { combineEdits } from "../../../kernels/models/combine-edits.ts";
import type { Edit, Intervention } from "../../../kernels/models/edit.ts";
import { foldEdits } from "../../../kernels/models/fold-edits.ts";
import type { Site } from "../../../kernels/onnx/sites.ts";
import { random } from "../../../kernels/random.ts";
import { float32 } from "../../../kernels/tensor.ts";

const site = { id: "layers.0.mlp.down_proj", in: 3, out: 2 } as Site;
const edit = (id: string, interventions: Intervention[]): Edit => ({
  id,
  editor: "ft-llm",
  cases: [`case ${id}`],
  interventions,
  scope: { kind: "always" },
  provenance: { editor: "ft-llm", model: "m", seed: 0, options: {} },
});
const stream = random(0);
const dense = (id: string): Edit =>
  edit(id, [
    {
      kind: "dense",
      site: site.id,
      delta: float32(
        Float32Array.from({ length: 6 }, () => stream.between(-1, 1)),
        [3, 2],
      ),
    },
  ]);
const folded = (edits: Edit[]) => edits.reduce<Edit[]>(foldEdits, []);

describe("foldEdits", () => {
  it("keeps one delta for any number of edits, and a view of it has the same bits", () => {
    const edits = Array.from({ length: 20 }, (_, i) => dense(String(i)));
    const one = folded(edits);
    expect(one).to.have.length(1);
    expect(one[0].cases).to.deep.equal(edits.flatMap((each) => each.cases));
    const sum = (list: Edit[]) => combineEdits(list, [site]).dense.get(site.id)!.data;
    expect(sum(one)).to.deep.equal(sum(edits));
  });

  it("leaves the edits that it folds as they were", () => {
    const [a, b] = [dense("a"), dense("b")];
    const before = JSON.stringify([a, b]);
    folded([a, b]);
    expect(JSON.stringify([a, b])).to.equal(before);
  });

  it("names the images of all that it folds, each once", () => {
    const about = (id: string, ...images: string[]): Edit => ({ ...dense(id), images });
    expect(folded([about("a", "1.png"), dense("b"), about("c", "2.png", "1.png")])[0].images).to.deep.equal([
      "1.png",
      "2.png",
    ]);
    expect(folded([dense("a"), dense("b")])[0]).to.not.have.property("images");
  });

  it("keeps what edits carry for their editor: of equal names the later", () => {
    const carrying = (id: string, ...names: string[]): Edit => ({
      ...dense(id),
      carried: Object.fromEntries(names.map((name) => [name, float32([id.charCodeAt(0)], [1])])),
    });
    const [one] = folded([dense("x"), carrying("a", "statistics", "keys 0"), carrying("b", "statistics", "keys 1"), dense("y")]); // prettier-ignore
    const value = (name: string) => String.fromCharCode(one.carried![name].data[0] as number);
    expect(["statistics", "keys 0", "keys 1"].map(value)).to.deep.equal(["b", "a", "b"]);
    expect(folded([dense("x"), dense("y")])[0]).to.not.have.property("carried");
  });

  it("puts other edits beside each other, in their order", () => {
    const prefix = edit("p", [{ kind: "prefix", text: "New fact." }]);
    const list = folded([dense("a"), dense("b"), prefix, dense("c"), dense("d")]);
    expect(list.map(({ cases }) => cases.join())).to.deep.equal(["case a,case b", "case p", "case c,case d"]);
  });

  it("names what it folds by its content: the same edits in another order have another name", () => {
    const [a, b, c] = ["a", "b", "c"].map(dense);
    expect(folded([a, b])[0].id)
      .to.equal(folded([a, b])[0].id)
      .and.not.equal(folded([b, a])[0].id);
    expect(folded([a, b, c])[0].id).not.to.equal(folded([a, b])[0].id);
  });
});
