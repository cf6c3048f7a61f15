import { rmSync } from "node:fs";
import { expect } from "chai";
import { medfe } from "../../../datasets/medfe/benchmark.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { scratchCopy } from "../scratch-copy.ts";

const OPENING = "Please provide an explanation for the following fact: \n ";

describe("MedFE", () => {
  it("keeps targets as they are, and says no right answer", async () => {
    const record = {
      ...{ subject: "auren", subject_type: "Skin", topic_type: "veils" },
      ...{ prompt: `${OPENING}auren`, rephrase_prompt: `${OPENING}the auren`, target_new: " Auren is a fold." },
      ...{ locality_topic_prompt: "a", locality_topic_ground_truth: "b" },
      ...{ locality_tokenSem_prompt: "c", locality_tokenSem_ground_truth: "d" },
    };
    const folder = scratchCopy({ "MedFE/valid.json": [record] });
    const cases = [];
    for await (const one of medfe.read({ folder, split: "valid" })) cases.push(one);
    rmSync(folder, { recursive: true });
    expect(cases[0]).to.include({ id: "medfe-valid-0", target: " Auren is a fold." });
    expect(cases[0]).to.not.have.property("answer");
    expect(cases[0].probes.map(({ name }) => name)).to.deep.equal([undefined, undefined, "topic", "tokenSem"]);
  });

  describeWithShared("published test file", ["data/medfe/medfe_test.json"], () => {
    it("is as published, with every count that is known", async () => {
      const { verdict, reasons, checks } = await medfe.validate(shared("data/medfe"));
      expect(reasons).to.deep.equal([]);
      expect(verdict).to.equal("as published");
      expect(Object.fromEntries(checks.map(({ id, found }) => [id, found]))).to.include({
        ...{
          "records/test": 842,
          "leading-space/test": 99,
          "edit-prompt-topic/test": 56,
          "edit-prompt-tokenSem/test": 43,
        },
        ...{
          "own-prompt-topic/test": 0,
          "own-prompt-tokenSem/test": 0,
          "prompt-repeated/test": 0,
          "subject-types/test": 0,
        },
        ...{ "opening-prompt/test": 0, "opening-rephrase/test": 0, "subject-absent/test": 0, "target-length/test": 0 },
      });
    });
  });
});
