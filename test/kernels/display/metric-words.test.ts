import { expect } from "chai";
import { metricWords } from "../../../kernels/display/metric-words.ts";

describe("metricWords", () => {
  it("writes metrics, and parts of them, as a reader would", () => {
    expect(metricWords("text-generality")).to.equal("Text generality");
    expect(metricWords("text-image-locality")).to.equal("Text-and-image locality");
    expect(metricWords("portability/2-hop")).to.equal("Portability (2-hop)");
    expect(metricWords("robustness/typo/heavy")).to.equal("Robustness (typo/heavy)");
  });
});
