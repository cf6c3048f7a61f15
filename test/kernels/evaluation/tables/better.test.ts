import { expect } from "chai";
import { better } from "../../../../kernels/evaluation/tables/better.ts";

describe("better", () => {
  it("knows which way a group's numbers are better", () => {
    expect(better("mm.tf.in-context-label.token-acc")).to.equal("higher");
    expect(better("mm.locality.answer-kl")).to.equal("lower");
    expect(better("mm.locality.answer-kl@sequential10"), "also with edits in force").to.equal("lower");
    expect(better("router.trace")).to.equal(undefined);
  });
});
