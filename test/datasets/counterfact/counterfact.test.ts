import { expect } from "chai";
import { counterfact } from "../../../datasets/counterfact/benchmark.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

describeWithShared("CounterFact, published edit file", ["data/counterfact/counterfact_edit.json"], () => {
  const folder = shared("data/counterfact");

  it("is as published, with every count that is known", async () => {
    const { verdict, reasons, checks } = await counterfact.validate(folder);
    expect(reasons).to.deep.equal([]);
    expect(verdict).to.equal("as published");
    expect(Object.fromEntries(checks.map(({ id, found }) => [id, found]))).to.include({
      ...{ "records/edit": 10_000, "prompt-repeated/edit": 83, "conflicting-targets/edit": 62, "id-range/edit": 0 },
      ...{ "locality-answer-differs/edit": 0, "subject-absent-prompt/edit": 0, "subject-absent-rephrase/edit": 0 },
      ...{ "target-is-answer/edit": 0, "question/edit": 0, "id-repeated/edit": 0 },
    });
  });

  it("gives one case a record, named by its case id", async () => {
    let cases = 0;
    const ids = new Set<string>();
    for await (const { id, probes } of counterfact.read({ folder })) {
      cases++;
      ids.add(id);
      expect(probes.map(({ kind }) => kind)).to.deep.equal(["reliability", "text-generality", "text-locality"]);
    }
    expect([cases, ids.size, ids.has("counterfact-21918")]).to.deep.equal([10_000, 10_000, true]);
  });
});
