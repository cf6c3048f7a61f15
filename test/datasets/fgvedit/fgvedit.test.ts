import { expect } from "chai";
import { fgvedit } from "../../../datasets/fgvedit/benchmark.ts";
import { all, failure, inScratch } from "../scratch-files.ts";

const record = (fields: Record<string, unknown> = {}) => ({
  image: "val2014/a.png",
  src: "What stands on the shelf?",
  alt: "a bell",
  rephrase: "Which thing is on the shelf?",
  fg_gen_q: "Can it ring?",
  fg_gen_a: "yes",
  fg_loc_q: "What colour is the wall?",
  fg_loc_a: "grey",
  loc: "who wrote it",
  loc_ans: "Bo",
  ...fields,
});
const FILES = {
  "data/FGVEdit/test_data.json": [record(), record({ alt: "" }), record({ fg_loc_q: "Can it ring?", more: 1 })],
};

describe("fgvedit", () => {
  it("asks fine-grained questions about the edited image and reports empty targets", () =>
    inScratch({ ...FILES, "data/images/val2014/a.png": "" }, async (folder) => {
      const reading = fgvedit.read({ folder });
      const [made, other] = await all(reading);
      expect(made.probes.map(({ kind, image, question }) => [kind, image?.id, question])).to.deep.equal([
        ["reliability", "val2014/a.png", "What stands on the shelf?"],
        ["text-generality", "val2014/a.png", "Which thing is on the shelf?"],
        ["text-locality", undefined, "who wrote it"],
        ["fine-grained-generality", "val2014/a.png", "Can it ring?"],
        ["fine-grained-locality", "val2014/a.png", "What colour is the wall?"],
      ]);
      // The id is the position in the file, also after a record that was left out.
      expect([made.id, other.id, other.meta]).to.deep.equal(["fgvedit-test-0", "fgvedit-test-2", { more: "1" }]);
      expect(reading.skipped).to.deep.equal([{ reason: "the target is empty", count: 1 }]);
      expect(reading.notes).to.deep.equal([]);
    }));

  it("refuses a record without one of its fields", () =>
    inScratch({ "test_data.json": [record({ fg_gen_a: undefined })] }, async (folder) =>
      expect((await failure(all(fgvedit.read({ folder })))).message).to.include(
        'field "fg_gen_a": expected a string, found nothing',
      ),
    ));

  it("validates: empty targets, scopes that agree, published sizes", () =>
    inScratch(FILES, async (folder) => {
      const { checks, unresolved } = await fgvedit.validate(folder);
      const of = (id: string) => checks.find((check) => check.id === id)!;
      expect(of("records/test")).to.include({ expected: 2778, found: 3 });
      expect(of("target-empty/test").found).to.equal(1);
      expect(of("scopes-agree/test")).to.include({ found: 1 });
      expect(of("scopes-agree/test").examples[0]).to.include({
        file: "data/FGVEdit/test_data.json",
        field: "fg_loc_q",
        value: "Can it ring?",
      });
      expect(unresolved.map(({ field, count }) => [field, count])).to.deep.equal([["image", 3]]);
    }));
});
